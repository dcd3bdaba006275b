"""A real Dovecot that takes mail by LMTP, over a Unix socket and over TCP, from a throw-away folder.

Debian's packages are unpacked and never installed. Dovecot finds its parts below /usr only: it runs in a mount
namespace of its own, where they are laid over that. No file under /etc is changed and no account is made.

    with Dovecot() as dovecot:
        ... send to the socket dovecot.path, or to 127.0.0.1: dovecot.port ...
        dovecot.mail("bob")     the messages in that mailbox, below what Dovecot has put on top

There are bob and dan, and carol, whose mailbox cannot be written: she is put off at the end of a message.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from debian import unpack
from postfix import free_ports, runs

PACKAGES = ("dovecot-lmtpd", "dovecot-core", "libexttextcat-2.0-0", "libexttextcat-data", "libicu72", "liblua5.4-0",
            "libsodium23", "libstemmer0d", "libtirpc3", "libunwind8", "libwrap0")
OWNER = "uucp"
LIFETIME = "900"    # seconds: a Dovecot whose tests were killed ends by itself
TRACE = re.compile(rb"\AReturn-Path: .*\n(?:Delivered-To: .*\n)?Received: .*\n(?:[ \t].*\n)*")

CONF = """\
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/log
protocols = lmtp
ssl = no
default_internal_user = {owner}
default_internal_group = {owner}
default_login_user = nobody
first_valid_uid = 1
mail_location = maildir:~/Maildir
hostname = dovecot.example.net
userdb {{
  driver = passwd-file
  args = username_format=%n {root}/users
}}
passdb {{
  driver = passwd-file
  args = username_format=%n {root}/users
}}
service lmtp {{
  unix_listener {root}/lmtp {{
    mode = 0666
  }}
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {port}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""

START = """\
mount --make-rprivate / &&
mount -t overlay overlay -o lowerdir="$1/usr:/usr" /usr &&
exec timeout "$2" /usr/sbin/dovecot -F -c "$3"
"""


class Dovecot:
    def __enter__(self):
        packages = unpack(PACKAGES)
        self.root = Path(tempfile.mkdtemp(prefix="pillarbox-dovecot-", dir="/tmp"))
        self.root.chmod(0o755)      # OWNER must get in
        self.path, (self.port,) = self.root / "lmtp", free_ports(1)
        for name in ("run", "state", "mail"):
            (self.root / name).mkdir()
        shutil.chown(self.root / "mail", OWNER, OWNER)
        owner = (self.root / "mail").stat()
        homes = {"bob": "mail/bob", "dan": "mail/dan", "carol": "nowhere"}
        (self.root / "users").write_text("".join(
            f"{name}:{{PLAIN}}x:{owner.st_uid}:{owner.st_gid}::{self.root}/{home}::\n" for name, home in homes.items()))
        (self.root / "conf").write_text(CONF.format(root=self.root, owner=OWNER, port=self.port))
        self.master = subprocess.Popen(
            ["unshare", "-m", "sh", "-c", START, "sh", packages, LIFETIME, self.root / "conf"], start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=(self.root / "stderr").open("wb"))
        try:
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.master.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.master.wait(10)
        while runs(self.master.pid):
            with suppress(ProcessLookupError):
                os.killpg(self.master.pid, signal.SIGKILL)  # the group we started, as long as any of it is left
            time.sleep(0.02)
        self.master.wait(10)
        shutil.rmtree(self.root)

    def _wait(self):
        give_up = time.monotonic() + 10
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 2) as connection:
                if connection.recv(4) == b"220 ":
                    return
            if self.master.poll() is not None or time.monotonic() > give_up:
                log = [path.read_text() for path in (self.root / "stderr", self.root / "log") if path.exists()]
                raise RuntimeError("Dovecot did not start:\n" + "".join(log))
            time.sleep(0.05)

    def mail(self, name):
        """Oldest first; line ends are LF in a mailbox of that kind."""
        files = (self.root / "mail" / name / "Maildir/new").glob("*")
        return [TRACE.sub(b"", path.read_bytes()) for path in sorted(files, key=lambda path: path.stat().st_mtime_ns)]
