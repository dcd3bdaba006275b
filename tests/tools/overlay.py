"""A daemon of Debian packages that is run as if it were installed, and is not: only it sees them.

Its root folder is an overlay of the host's, with the unpacked packages, its configuration and its accounts on top;
what it writes stays in memory. It has process numbers of its own, so that nothing of it is left when it is ended, or
when whoever started it is. For this, root must be allowed to mount things, which it is not in every container.

A server is a class that says what is in it; see exim.py. Used like this:

    with Exim(certs) as server:
        ... send to 127.0.0.1: server.submission_port (STARTTLS) or server.submissions_port (implicit) ...
        server.messages     what it passed on, as relay.Message; below its Received the bytes are as they came
        server.log          what it says about that
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from certs import Certs
from debian import CannotRun, unpack
from postfix import LATER, REFUSED, answers, free_ports
from relay import Relay
from spill import PASSWORD

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

# The arguments: a folder, the packages, the command. What is on top is copied into memory, since it must neither be
# below what is under it nor in an overlay, as a container's /tmp may be.
ENTER = """\
set -e
folder=$1 packages=$2
shift 2
mount -t tmpfs -o mode=755 none "$folder/root"
cd "$folder/root"
mkdir upper work merged
cp -a "$packages/." "$folder/layer/." upper
mount -t overlay -o lowerdir=/,upperdir=upper,workdir=work none merged
mount -t proc none merged/proc
mount --rbind /dev merged/dev
mkdir -p "merged$folder"
mount --bind "$folder" "merged$folder"
# not exec: this shell is process 1, and takes in what the daemon leaves behind
chroot merged "$@"
"""


def need_mounts():
    if os.geteuid() != 0:
        raise CannotRun("needs root, to run a server with accounts and folders of its own")
    with tempfile.TemporaryDirectory() as folder:
        trial = ["unshare", "--mount", "sh", "-ec", 'mount -t tmpfs none "$1"; cd "$1"; mkdir u w m; '
                 "mount -t overlay -o lowerdir=/,upperdir=u,workdir=w none m", "sh", folder]
        done = subprocess.run(trial, capture_output=True, text=True)
    if done.returncode != 0:
        raise CannotRun("may not mount an overlay of / here: " + (done.stderr.splitlines() or ["no reason given"])[0])


class Server:
    """What is common to the servers. Each says the following, and writes its configuration in write()."""
    NAME, PACKAGES, BACKPORTS = "", (), ()
    ACCOUNTS = {}       # name: number; each is a group of this name and number, too
    COMMAND = ()        # in the foreground
    SESSION = REJECTED = ""     # what its log says once for each session that has logged in, and for each failed login

    def __init__(self, certs, user="alice@example.com", password=PASSWORD, mechanisms="PLAIN LOGIN"):
        self.certs, self.user, self.password, self.mechanisms = certs, user, password, mechanisms
        self.process = None

    def __enter__(self):
        need_mounts()
        self.packages = unpack(self.PACKAGES, self.BACKPORTS)
        self.folder = Path(tempfile.mkdtemp(prefix=f"pillarbox-{self.NAME}-", dir="/tmp"))
        self.folder.chmod(0o755)    # its accounts must get in
        self.sink = Relay(self.certs, tls="none", auth=False, refuse={REFUSED: "550 5.1.1 no such mailbox",
                                                                      LATER: "450 4.2.1 mailbox busy"}).__enter__()
        self.submission_port, self.submissions_port = free_ports(2)
        try:
            self._lay()
            self.write()
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process:
            self.process.kill()     # and with it process 1 of the daemon, with that all of them
            self.process.wait()
        self.sink.__exit__()
        shutil.rmtree(self.folder)

    @property
    def messages(self):
        return self.sink.messages

    def wait_messages(self, count, timeout=20):
        return self.sink.wait_messages(count, timeout)

    @property
    def log(self):
        path = self.folder / "log"
        return path.read_text(errors="replace") if path.exists() else "(no log)"

    def counts(self):
        """How many sessions and failed logins there were."""
        log = self.log
        return len(re.findall(self.SESSION, log)), len(re.findall(self.REJECTED, log))

    def lay(self, path, content="", mode=0o644, owner=0):
        """Puts a file where only the daemon sees it."""
        path = self.layer / path.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        path.chmod(mode)
        os.chown(path, owner, owner)

    def lay_folder(self, path, mode=0o755, owner=0, group=None):
        path = self.layer / path.lstrip("/")
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(mode)
        os.chown(path, owner, owner if group is None else group)

    def _lay(self):
        (self.folder / "root").mkdir()
        self.layer = self.folder / "layer"
        self.layer.mkdir(mode=0o755)
        added = {"passwd": "{0}:x:{1}:{1}::/nonexistent:/usr/sbin/nologin\n", "group": "{0}:x:{1}:\n"}
        for file, line in added.items():
            there = [entry for entry in Path("/etc", file).read_text().splitlines(keepends=True)
                     if entry.split(":")[0] not in self.ACCOUNTS]
            self.lay(f"/etc/{file}", "".join(there) + "".join(map(line.format, *zip(*self.ACCOUNTS.items()))))

    def lay_certificate(self, name="good", owner=0):
        self.lay("/etc/server.pem", self.certs.certificate(name).read_text())
        self.lay("/etc/server.key", self.certs.key(name).read_text(), 0o600, owner)

    def values(self):
        """What a configuration is filled in with."""
        return dict(folder=self.folder, starttls=self.submission_port, implicit=self.submissions_port,
                    sink=self.sink.port, user=self.user, password=self.password, refused=REFUSED, later=LATER)

    def _start(self):
        with (self.folder / "said").open("wb") as said:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--pid", "--fork", "--kill-child",
                 "sh", "-c", ENTER, "sh", self.folder, self.packages, *self.COMMAND],
                env={"PATH": PATH, "LC_ALL": "C"}, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        give_up = time.monotonic() + 20
        for port in (self.submission_port, self.submissions_port):
            while not answers(port):
                if self.process.poll() is not None or time.monotonic() > give_up:
                    said = (self.folder / "said").read_text(errors="replace")
                    raise RuntimeError(f"{self.NAME} did not start:\n{said}\n{self.log}")
                time.sleep(0.05)


def by_hand(server):
    """What a server does as a command: FOLDER gets the certificates."""
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} FOLDER")
    with server(Certs(sys.argv[1])) as running:
        print(f"{running.user}, {running.password!r}; STARTTLS on port {running.submission_port}, TLS on "
              f"{running.submissions_port}; trust {running.certs.ca}; the log is {running.folder}/log; "
              "Enter ends it", flush=True)
        sys.stdin.readline()
        print(f"{len(running.messages)} messages passed on")
