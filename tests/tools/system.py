"""A system-wide pillarbox in a folder of its own: built for it, installed with setuid bits, and used by several users.

    with System() as system:
        system.configure(relay)
        system.run(ALICE, "sendmail", "-odq", "bob@example.net", input=b"Subject: hello\n\nhello\n")

The users are bare numbers that no account of the host has; root makes them up.
"""

import ctypes
import json
import os
import shutil
import subprocess
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path

from home import PROGRAMS, Result, at, entries_in, lines_of
from processes import Processes
from spill import PASSWORD, spill

OWNER, ALICE, MALLORY = 61841, 61842, 61843
SOURCE = Path(__file__).resolve().parent.parent.parent
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
PR_SET_NO_NEW_PRIVS = 38
LIBC = ctypes.CDLL(None, use_errno=True)


def no_new_privileges():
    """For `before`: what a hardened unit and many containers do."""
    if LIBC.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def command(*arguments, **options):
    done = subprocess.run(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{arguments}: {done.stdout.decode(errors='replace')[-4000:]}")
    return done.stdout.decode(errors="replace")


def status(pid):
    """/proc/PID/status as a dict of lists of words."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {name: value.split() for name, _, value in (line.partition(":") for line in lines)}


def setuid_place():
    """A folder where everybody may go, and where setuid bits count."""
    for place in ("/tmp", "/var/tmp", "/opt"):
        if os.path.isdir(place) and not os.statvfs(place).f_flag & os.ST_NOSUID:
            return place
    raise RuntimeError("/tmp, /var/tmp and /opt are all mounted nosuid")


class System(Processes):
    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="pillarbox-system-", dir=setuid_place()))
        self.folder.chmod(0o755)
        try:
            self._build()
        except BaseException:
            shutil.rmtree(self.folder)
            raise
        return self

    def __exit__(self, *_):
        self.end_processes()
        shutil.rmtree(self.folder)

    def _build(self):
        self.prefix, self.built = self.folder / "usr", self.folder / "build"
        self.libexec = self.prefix / "libexec/pillarbox"
        self.spool = self.prefix / "var/spool/pillarbox"
        self.etc = self.prefix / "etc/pillarbox"
        self.socket = self.prefix / "var/run/pillarbox/queue.sock"
        self.password = self.etc / "password"
        self.built.mkdir()
        old = os.umask(0o022)
        command(SOURCE / "configure", f"--prefix={self.prefix}", "CFLAGS=-O1 -g", cwd=self.built)
        command("make", f"-j{os.cpu_count()}", cwd=self.built)
        command("make", "install", "SYSTEM_USER=no", cwd=self.built)
        os.umask(old)
        for name, mode in (("pillarbox-queue", 0o4755), ("pillarbox-deliver", 0o6755)):
            os.chown(self.libexec / name, OWNER, OWNER)
            os.chmod(self.libexec / name, mode)
        self.socket.parent.mkdir(parents=True)

    def reset(self):
        """An empty queue, as it is after an installation."""
        self.end_processes()
        shutil.rmtree(self.spool, ignore_errors=True)
        for folder in (self.spool, *(self.spool / name for name in ("queue", "tmp", "corrupt", "relays"))):
            folder.mkdir(parents=True, mode=0o700)
            os.chown(folder, OWNER, OWNER)
        for folder in (self.spool.parent, self.spool.parent.parent):
            folder.chmod(0o755)

    def configure(self, server, secret=PASSWORD, **changes):
        """The relay of the host; everybody may read this, and the password only root and the owner's group."""
        spill.tell(secret)
        self.password.unlink(missing_ok=True)
        self.password.touch(mode=0o640)
        os.chown(self.password, 0, OWNER)
        self.password.chmod(0o640)
        self.password.write_text(secret + "\n")
        ca = self.etc / "ca.pem"
        shutil.copy(server.certs.ca, ca)
        ca.chmod(0o644)
        relay = at(server, **{"password": None, "password_file": self.password, "tls_ca_file": ca, **changes})
        (self.etc / "pillarbox.conf").write_text(
            'hostname = "host.example.org"\nrelay "work" {\n' + lines_of(relay, "    ") + "}\n")
        (self.etc / "pillarbox.conf").chmod(0o644)

    def program(self, name):
        return self.libexec / name if name in PROGRAMS[1:] else self.prefix / {"sendmail": "sbin"}.get(name, "bin") / name

    def start(self, user, name, *arguments, before=None, environment=None, **options):
        """Starts a program as this user, after `before()` was called in the new process."""
        options = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": "/",
                   "start_new_session": True, "env": {"PATH": PATH, **(environment or {})}, **options}
        if user != 0:
            options = {"user": user, "group": user, "extra_groups": [], **options}
        return subprocess.Popen([self.program(name), *arguments], preexec_fn=before, **options)

    def run(self, user, name, *arguments, input=b"", timeout=20, **options):
        process = self.start(user, name, *arguments, **options)
        try:
            out, err = process.communicate(input, timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            self.end_processes()
            raise AssertionError(f"{process.args} was not done in {timeout} s") from None
        return Result(process.returncode, out or b"", (err or b"").decode("utf-8", "backslashreplace"))

    def list(self, user, **options):
        result = self.run(user, "mailq", "--json", **options)
        assert (result.code, result.err) == (0, "")
        return [json.loads(line) for line in result.out.splitlines()]

    @property
    def entries(self):
        return entries_in(self.spool)

    def processes(self):
        """The helpers that run: {pid: name}."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                program = os.readlink(folder / "exe")
                if program.startswith(str(self.prefix)):
                    found[int(folder.name)] = os.path.basename(program)
            except OSError:
                pass    # gone meanwhile
        return found

    @contextmanager
    def listening(self):
        """What pillarbox.socket and pillarbox@.service do."""
        import socket

        self.socket.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(self.socket))
        self.socket.chmod(0o666)
        listener.listen(16)

        def serve():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    self.start(OWNER, "pillarbox-queue", "--socket", stdin=connection, stdout=connection,
                               stderr=subprocess.DEVNULL, before=no_new_privileges)

        threading.Thread(target=serve, daemon=True).start()
        yield
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        self.socket.unlink()
