"""A throw-away user of pillarbox: a configuration, a queue, and the programs run with just these.

    home.configure(work=at(relay), hostname="host.example.org")
    result = home.run("-odq", "-i", "bob@example.net", input=b"Subject: hello\n\nhello\n")
"""

import base64
import json
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from processes import Processes
from spill import PASSWORD, spill

PROGRAMS = ("pillarbox", "pillarbox-queue", "pillarbox-deliver")
NAMES = ("sendmail", "mailq", "newaliases")
HANDED_ON = ("PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "LLVM_PROFILE_FILE")


def at(server, **changes):
    """The settings of a relay that reach `server` (of relay.py, peer.py or postfix.py); None leaves one out."""
    settings = {"host": "127.0.0.1", "port": getattr(server, "port", None), "tls": getattr(server, "tls", None),
                "tls_ca_file": server.certs.ca, "user": getattr(server, "user", "alice@example.com"),
                "password": getattr(server, "password", PASSWORD), "timeout": "5s"}
    settings.update(changes)
    return {key: value for key, value in settings.items() if value is not None}


def written(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, (list, tuple)):
        return "{" + ", ".join(map(written, value)) + "}"
    if isinstance(value, dict):
        return "{ " + " ".join(f"{name.replace('_', '-')} = {written(inner)}" for name, inner in value.items()) + " }"
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def lines_of(settings, indent=""):
    return "".join(f"{indent}{key.replace('_', '-')}{' ' if isinstance(value, dict) else ' = '}{written(value)}\n"
                   for key, value in settings.items())


@dataclass
class Result:
    code: int
    out: bytes
    err: str


def can_mount():
    """May this process mount things where nobody else sees them? Root in a container may not."""
    return os.geteuid() == 0 and subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode == 0


def entries_in(spool):
    """The entries of a queue, oldest first, whether they are due or not (pillarbox-queue(5))."""
    return sorted([*(spool / "queue").glob("*"), *(spool / "later").glob("*/*")], key=lambda path: path.name)


def entry_in(spool, identity):
    """Where the entry of this id is now."""
    (path,) = (path for path in entries_in(spool) if path.name == identity)
    return path


def make_due(path):
    """The time of its next attempt is over; it is where it is then looked for."""
    spool = path.parents[1] if path.parent.name == "queue" else path.parents[2]
    path = path.rename(spool / "queue" / path.name)
    os.utime(path, (time.time() - 10,) * 2)
    return path


def multiply(entry, count, change=lambda number, entry: entry):
    """Writes an entry again, under `count` other ids in its place: their names, oldest first. change(number, bytes) is
    what one of them then reads."""
    written, one, owner = entry.read_bytes(), entry.name, entry.stat().st_uid
    entry.unlink()
    names = [f"{int(one[:13], 16) + number:013X}{one[13:]}" for number in range(count)]
    for number, name in enumerate(names):
        path = entry.with_name(name)
        path.write_bytes(change(number, written.replace(one.encode(), name.encode())))
        path.chmod(0o600)
        os.chown(path, owner, owner)
    return names


class Home(Processes):
    def __init__(self, folder, build):
        self.folder, self.build = Path(folder), Path(build)
        self.config = self.folder / "pillarbox.conf"
        self.spool = self.folder / "spool"
        self.secrets = set()
        spill.queues.add(str(self.spool))
        self.outputs = []
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "bin").mkdir()
        for name in NAMES:
            (self.folder / "bin" / name).symlink_to(self.build / "pillarbox")

    def configure(self, queue=None, **settings):
        """Write the configuration: a dict is the relay of that name, anything else a setting of that name."""
        relays = {name: value for name, value in settings.items() if isinstance(value, dict)}
        plain = {name: value for name, value in settings.items() if not isinstance(value, dict)}
        text = lines_of(plain) + "queue {\n" + lines_of({"path": self.spool, **(queue or {})}, "    ") + "}\n"
        for name, relay in relays.items():
            text += f'relay "{name}" {{\n' + lines_of(relay, "    ") + "}\n"
            if "password" in relay:
                self.keep_secret(relay["password"], relay.get("user", ""))
        self.write_config(text)

    def keep_secret(self, password, user):
        spill.tell(password)
        plain = f"\0{user}\0{password}"
        self.secrets |= {password, *(base64.b64encode(text.encode()).decode() for text in (password, plain))}

    def write_config(self, text, mode=0o600):
        self.config.unlink(missing_ok=True)
        self.config.touch(mode=mode)
        self.config.chmod(mode)
        self.config.write_text(text)

    @property
    def environment(self):
        return {**{name: os.environ[name] for name in HANDED_ON if name in os.environ}, "HOME": str(self.folder),
                "LC_ALL": "C.UTF-8", "PILLARBOX_CONFIG": str(self.config), "PILLARBOX_LIBEXEC": str(self.build)}

    @property
    def traced(self):
        """The environment of what runs under strace, where leaks cannot be looked for."""
        sanitizer = ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "detect_leaks=0"]))
        return {**self.environment, "ASAN_OPTIONS": sanitizer}

    def program(self, name):
        return self.folder / "bin" / name if name in NAMES else self.build / name

    def start(self, *arguments, name="pillarbox", **options):
        options = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE,
                   "env": self.environment, "cwd": self.folder, **options}
        return subprocess.Popen([self.program(name), *arguments], start_new_session=True, **options)

    def finish(self, process, input=None, timeout=15):
        """The result of a started program; one that holds on, or keeps its output open, is ended and blamed."""
        try:
            out, err = process.communicate(input, timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            self.end_processes()
            out, err = process.communicate(timeout=5)
            raise AssertionError(f"{process.args} was not done in {timeout} s; it had said: {out!r} {err!r}") from None
        self.outputs += [out or b"", err or b""]
        return Result(process.returncode, out, (err or b"").decode("utf-8", "backslashreplace"))

    def run(self, *arguments, input=b"", timeout=15, name="pillarbox", **options):
        return self.finish(self.start(*arguments, name=name, **options), input, timeout)

    @property
    def entries(self):
        """The files of the queue."""
        return entries_in(self.spool)

    @property
    def corrupt(self):
        return sorted((self.spool / "corrupt").glob("*"))

    def list(self):
        """What --list --json says."""
        result = self.run("--list", "--json")
        assert (result.code, result.err) == (0, "")
        return [json.loads(line) for line in result.out.splitlines()]

    def multiply(self, count, change=lambda number, entry: entry):
        """multiply() of the one entry that is queued."""
        (entry,) = self.entries
        return multiply(entry, count, change)

    def wait_empty(self, timeout=10):
        """Whether the queue becomes empty."""
        give_up = time.monotonic() + timeout
        while self.entries and time.monotonic() < give_up:
            time.sleep(0.02)
        return not self.entries

    def processes(self):
        """The running processes that have to do with this home: {pid: name of the program}."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                program = self._program_of(folder)
                if program.endswith(PROGRAMS) and self._is_ours(folder):
                    found[int(folder.name)] = program
            except OSError:
                pass    # gone meanwhile
        return found

    @staticmethod
    def _program_of(process):
        try:
            return os.readlink(process / "exe").split("/")[-1]
        except PermissionError:     # it lets nobody look into it, but root
            return (process / "cmdline").read_bytes().partition(b"\0")[0].decode().split("/")[-1]

    def _is_ours(self, process):
        ours = str(self.folder)
        if any(ours.encode() in (process / name).read_bytes() for name in ("cmdline", "environ")):
            return True
        links = [process / "cwd", *(process / "fd").glob("*")]
        return any(os.readlink(link).startswith(ours + "/") or os.readlink(link) == ours for link in links)

    def leaks(self):
        """Where a password is to be read that should not be: in what the programs said, or in the queue."""
        files = [path for path in self.spool.rglob("*") if path.is_file()]
        places = [("output", text) for text in self.outputs] + [(path, path.read_bytes()) for path in files]
        return [where for where, content in places if any(secret.encode() in content for secret in self.secrets)]
