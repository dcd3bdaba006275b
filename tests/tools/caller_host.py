"""A host of its own for programs that call sendmail: a Debian on which pillarbox is the system's sendmail.

    with CallerHost(root, installed) as host:
        host.configure(relay)
        host.run("echo hello | mail -s hello bob@example.net", user="alice")

`root` is a folder of debian_root.py, which stays as it is: an overlay takes what is written. Processes, mounts, name
and /dev are the host's own, and end with it. Its network is the one of whoever starts it; see alone_with_loopback().
"""

import ctypes
import fcntl
import os
import re
import shlex
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from home import at, entries_in, lines_of
from processes import Processes

SOURCE = Path(__file__).resolve().parent.parent.parent
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
NAME, DOMAIN = "host.example.org", "example.net"
CLONE_NEWNET, SIOCSIFFLAGS, IFF_UP = 0x40000000, 0x8914, 1
FOLDER = "/var/lib/callers"     # where scripts start
SENDMAIL = "/usr/sbin/sendmail"
RECORDS = "/var/log/calls"

BOOT = r"""
root=$1 work=$2
mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs "$work"
mkdir "$work/upper" "$work/work" "$work/root"
mount -t overlay overlay -o "lowerdir=$root,upperdir=$work/upper,workdir=$work/work" "$work/root"
cd "$work/root"
mount -t proc proc proc
mount -t tmpfs -o mode=755 tmpfs dev
for name in null zero full random urandom tty; do touch dev/$name; mount --bind /dev/$name dev/$name; done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
mount -t tmpfs -o mode=1777 tmpfs dev/shm
mount -t tmpfs -o mode=755 tmpfs run
mkdir -m 1777 run/lock
hostname "$3"
echo "$3" > etc/hostname
printf '127.0.0.1 localhost\n127.0.1.1 %s %s\n' "$3" "${3%%.*}" > etc/hosts
: > etc/resolv.conf
exec chroot . /bin/sh -c 'echo up; while :; do sleep 3600; done'
"""
RECORDER = f"""#!/bin/sh
printf '%s\\0' $# "$0" "$@" >> {RECORDS}
exec /usr/lib/recorded/"${{0##*/}}" "$@"
"""


def alone_with_loopback():
    """From now on this thread, and what it starts, has no network but a loopback of its own."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP))


def checked(*command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{command}: {done.stdout.decode(errors='replace')[-4000:]}")


def install(folder):
    """Builds pillarbox for /usr, and installs it below folder/root."""
    built, root = folder / "build", folder / "root"
    built.mkdir(parents=True)
    old = os.umask(0o022)
    places = ("--prefix=/usr", "--sysconfdir=/etc", "--localstatedir=/var")
    checked(SOURCE / "configure", *places, "CFLAGS=-O1 -g", cwd=built)
    checked("make", f"-j{os.cpu_count()}", cwd=built)
    checked("make", "install", f"DESTDIR={root}", cwd=built)
    os.umask(old)
    return folder


@dataclass
class Result:
    code: int
    said: str       # standard output and standard error


class NoHost(Exception):
    """Why there can be none here."""


class CallerHost(Processes):
    def __init__(self, root, installed):
        self.root, self.installed = root, installed

    def __enter__(self):
        self.work = tempfile.mkdtemp(prefix="pillarbox-callers-")
        self._unshare = subprocess.Popen(
            ["unshare", "-m", "-p", "-u", "--fork", "--kill-child",
             "sh", "-euc", BOOT, "sh", str(self.root), self.work, NAME],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env={"PATH": PATH})
        try:
            if self._unshare.stdout.readline() != b"up\n":
                raise NoHost("no overlay, or no device, can be mounted here")
            children = Path(f"/proc/{self._unshare.pid}/task/{self._unshare.pid}/children").read_text().split()
            self.init = int(children[0])
            self._furnish()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self._unshare.kill()
        self._unshare.wait()
        os.rmdir(self.work)

    def _furnish(self):
        self.place(FOLDER).mkdir()
        checked("cp", "-a", "--no-preserve=ownership", f"{self.installed}/root/.", f"{self.place('/')}/")
        for name in ("rights.sh", "pillarbox.sysusers"):
            source = SOURCE if name == "rights.sh" else self.installed / "build"
            checked("cp", source / "src/install" / name, self.place("/tmp/" + name))
        self.log = []
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        listener.bind(str(self.place("/dev/log")))
        self.place("/dev/log").chmod(0o666)
        threading.Thread(target=self._listen, args=[listener], daemon=True).start()
        done = self.run("""
            sh /tmp/rights.sh do pillarbox /usr/libexec/pillarbox /var/spool/pillarbox \
                /etc/pillarbox/pillarbox.conf /tmp/pillarbox.sysusers ''
            useradd -m -s /bin/sh -c 'Alice Example' alice
            mkdir /usr/lib/recorded
            ln -s ../../bin/pillarbox /usr/lib/recorded/sendmail
            """)
        assert done.code == 0, done.said
        self._recorder = self.place("/usr/lib/recorder")
        self._recorder.write_text(RECORDER)
        self._recorder.chmod(0o755)

    def _listen(self, listener):
        while True:
            self.log.append(listener.recv(65536).decode(errors="replace"))

    def place(self, path):
        """Where a path of it is for us."""
        return Path(f"/proc/{self.init}/root" + path)

    def start(self, script, user="root", environment=None):
        """A shell script, or a list of words, as this user."""
        home = "/root" if user == "root" else f"/home/{user}"
        words = ["sh", "-euc", f"cd {FOLDER}\n{script}"] if isinstance(script, str) else script
        return subprocess.Popen(
            ["nsenter", "-t", str(self.init), "-m", "-p", "-u", "--root", "--wd",
             "setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", *words],
            env={"PATH": PATH, "HOME": home, "USER": user, "LOGNAME": user, "LC_ALL": "C.UTF-8", "TERM": "dumb",
                 **(environment or {})},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)

    def run(self, script, user="root", environment=None, timeout=30):
        process = self.start(script, user, environment)
        try:
            said, _ = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            self.end_processes()
            said, _ = process.communicate(timeout=5)
            said = said.decode(errors="replace")
            raise AssertionError(f"not done in {timeout} s: {script}\nit had said: {said}") from None
        return Result(process.returncode, said.decode(errors="replace"))

    # The configuration, right and wrong.

    def configure(self, relay, **settings):
        """As README.md says, for this relay; None leaves a setting out."""
        settings = {"domain": DOMAIN, **settings}
        etc = self.place("/etc/pillarbox")
        (etc / "ca.pem").write_bytes(Path(relay.certs.ca).read_bytes())
        (etc / "ca.pem").chmod(0o644)
        (etc / "password").write_text(relay.password + "\n")
        (etc / "password").chmod(0o640)
        os.chown(etc / "password", 0, self.place("/var/spool/pillarbox").stat().st_gid)
        of_relay = at(relay, password=None, password_file="/etc/pillarbox/password",
                      tls_ca_file="/etc/pillarbox/ca.pem", **{"from": "service@example.com"})
        plain = lines_of({key: value for key, value in settings.items() if value is not None})
        self.write_config(plain + 'relay "provider" {\n' + lines_of(of_relay, "    ") + "}\n")

    def write_config(self, text):
        file = self.place("/etc/pillarbox/pillarbox.conf")
        file.write_text(text)
        file.chmod(0o644)

    def fill_disk(self):
        """Not a block is free where the queue is, until empty_disk()."""
        done = self.run("""
            mount -t tmpfs -o size=64k,mode=700 tmpfs /var/spool/pillarbox
            mkdir -m 700 /var/spool/pillarbox/queue /var/spool/pillarbox/tmp /var/spool/pillarbox/corrupt \
                /var/spool/pillarbox/relays
            chown -R pillarbox:pillarbox /var/spool/pillarbox
            ! cat /dev/zero > /var/spool/pillarbox/fill 2> /dev/null""")
        assert done.code == 0, done.said

    def empty_disk(self):
        done = self.run("umount -l /var/spool/pillarbox")
        assert done.code == 0, done.said

    # What callers call.

    def record(self):
        """From now on a script stands before sendmail and writes down how it is called; until unrecord()."""
        self.place(RECORDS).write_bytes(b"")
        self.place(RECORDS).chmod(0o666)
        for path in (SENDMAIL, "/usr/lib/sendmail"):
            self.place(path).unlink()
            os.symlink("/usr/lib/recorder", self.place(path))

    def unrecord(self):
        """The calls: a command line each."""
        for path in (SENDMAIL, "/usr/lib/sendmail"):
            self.place(path).unlink()
            os.symlink("../bin/pillarbox", self.place(path))
        words = self.place(RECORDS).read_bytes().decode(errors="replace").split("\0")[:-1]
        calls = []
        while words:
            count = int(words.pop(0)) + 1
            calls.append(shlex.join(words[:count]))
            del words[:count]
        return calls

    @property
    def entries(self):
        return entries_in(self.place("/var/spool/pillarbox"))

    def logged(self, pattern, timeout=3):
        """Whether a line of the log, here or soon, is like that."""
        give_up = time.monotonic() + timeout
        while not any(re.search(pattern, line) for line in list(self.log)):
            if time.monotonic() > give_up:
                return False
            time.sleep(0.02)
        return True

    def processes(self):
        """Those of it that run, save the first: {pid as we see it: command line}."""
        found = {}
        space = os.readlink(f"/proc/{self.init}/ns/pid")
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if os.readlink(folder / "ns/pid") == space and int(folder.name) != self.init:
                    words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
                    if words and words != "sleep 3600":
                        found[int(folder.name)] = words
            except OSError:
                pass    # gone meanwhile
        return found
