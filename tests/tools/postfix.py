"""A real Postfix as authenticated submission server, on loopback and from a throw-away folder.

Debian's packages are unpacked and never installed: Postfix would take over the machine's sendmail. No file under
/etc is changed and no account is made; master needs root, all else runs as an account that Debian always has.

    with Postfix(certs) as postfix:
        ... send to 127.0.0.1: postfix.submission_port (STARTTLS) or postfix.submissions_port (implicit) ...
        postfix.messages    what Postfix passed on, as relay.Message; below its Received the bytes are as they came

It refuses REFUSED for good and LATER for now, and is strict: a bare LF or a command sent too early is refused.
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

from debian import run, unpack
from relay import Relay
from spill import PASSWORD

PACKAGES = ("postfix", "sasl2-bin", "libsasl2-2", "libsasl2-modules", "libsasl2-modules-db",
            "libdb5.3", "libicu72", "libnsl2", "libtirpc3")
OWNER, GROUP = "uucp", "operator"   # Postfix insists on an account and a group that it shares with nobody
LIFETIME = "900"                     # seconds: a Postfix whose tests were killed ends by itself
REFUSED, LATER = "refused@example.net", "later@example.net"

MAIN_CF = """\
compatibility_level = 3.6
myhostname = postfix.example.com
mydestination =
mynetworks =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
queue_directory = {root}/spool
data_directory = {root}/data
daemon_directory = {packages}/usr/lib/postfix/sbin
command_directory = {packages}/usr/sbin
shlib_directory = {packages}/usr/lib/postfix
meta_directory = {root}/etc
maillog_file = {root}/log
maillog_file_prefixes = {root}
mail_owner = {owner}
setgid_group = {group}
import_environment = MAIL_CONFIG LD_LIBRARY_PATH={libraries} SASL_PATH={sasl}
alias_maps =
alias_database =
relayhost = [127.0.0.1]:{sink}
smtp_dns_support_level = disabled
smtp_connection_cache_on_demand = no
smtpd_peername_lookup = no
smtpd_error_sleep_time = 0
message_size_limit = 60000000
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = {sasl_type}
smtpd_sasl_path = {sasl_path}
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = check_recipient_access inline:{{
    {{ {refused} = 550 5.1.1 no such mailbox }} {{ {later} = 450 4.2.1 mailbox busy }} }}
smtpd_forbid_bare_newline = reject
smtpd_forbid_bare_newline_exclusions =
smtpd_forbid_unauth_pipelining = yes
# left alone, Postfix would mend what a client must not get wrong
message_drop_headers =
local_header_rewrite_clients =
disable_mime_input_processing = yes
disable_mime_output_conversion = yes
"""

MASTER_CF = """\
127.0.0.1:{starttls} inet n - n - - smtpd -o smtpd_tls_security_level=encrypt
127.0.0.1:{implicit} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
"""

SASL_CONF = """\
pwcheck_method: auxprop
auxprop_plugin: sasldb
sasldb_path: {root}/etc/sasldb2
mech_list: {mechanisms}
"""

SPOOL = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "maildrop", "private",
         "public", "saved", "trace")


def free_ports(count):
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports


def runs(group):
    """Whether a process of this group still runs; one that is dead and not yet reaped does not."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its_group = stat.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(its_group) == group and state != "Z":
            return True
    return False


def answers(port):
    """Whether somebody listens at this port of 127.0.0.1."""
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


class Postfix:
    NAME = "postfix"
    SASL_TYPE, sasl_path = "cyrus", "smtpd"

    def __init__(self, certs, user="alice@example.com", password=PASSWORD, mechanisms="PLAIN LOGIN"):
        if os.geteuid() != 0:
            raise PermissionError("Postfix's master runs as root only")
        self.certs, self.user, self.password, self.mechanisms = certs, user, password, mechanisms

    def __enter__(self):
        self.packages = unpack(PACKAGES)
        self.root = Path(tempfile.mkdtemp(prefix="pillarbox-postfix-", dir="/tmp"))
        self.root.chmod(0o755)      # OWNER must get in
        self.sink = Relay(self.certs, tls="none", auth=False).__enter__()
        self.submission_port, self.submissions_port = free_ports(2)
        try:
            self._write_configuration()
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self._stop()
        self.sink.__exit__()
        shutil.rmtree(self.root)

    @property
    def messages(self):
        return self.sink.messages

    def wait_messages(self, count, timeout=20):
        return self.sink.wait_messages(count, timeout)

    def wait_idle(self, timeout=20):
        """Wait until Postfix has passed on all that it took."""
        give_up = time.monotonic() + timeout
        while any(path.is_file() for name in ("incoming", "active") for path in (self.root / "spool" / name).iterdir()):
            if time.monotonic() > give_up:
                raise RuntimeError(f"Postfix does not get rid of its mail:\n{self.log}")
            time.sleep(0.02)

    @property
    def log(self):
        return (self.root / "log").read_text() if (self.root / "log").exists() else "(no log)"

    def counts(self):
        """How many sessions with a message, and failed logins, there were."""
        log = self.log
        return (len(re.findall(r"/smtpd\[\d+\]: disconnect from .* mail=", log)),
                len(re.findall(r"SASL \w+ authentication failed", log)))

    def _write_configuration(self):
        etc, spool = self.root / "etc", self.root / "spool"
        for folder in (etc, etc / "sasl", spool, spool / "pid", self.root / "data", *(spool / name for name in SPOOL)):
            folder.mkdir()
        for folder in (self.root / "data", *(spool / name for name in SPOOL)):
            shutil.chown(folder, OWNER)
            folder.chmod(0o700)
        found = {path.parent for path in self.packages.rglob("*.so*") if path.parent.name != "sasl2"}
        libraries = ":".join(map(str, sorted(found)))
        sasl = next(self.packages.glob("usr/lib/*/sasl2"))
        values = dict(root=self.root, packages=self.packages, libraries=libraries, sasl=sasl,
                      owner=OWNER, group=GROUP, refused=REFUSED, later=LATER, sink=self.sink.port,
                      starttls=self.submission_port, implicit=self.submissions_port,
                      sasl_type=self.SASL_TYPE, sasl_path=self.sasl_path, certificate=self.certs.certificate("good"), key=self.certs.key("good"))
        (etc / "main.cf").write_text(MAIN_CF.format(**values))
        os.utime(etc / "main.cf", (0, 0))       # Postfix waits until a change is two seconds old
        (etc / "master.cf").write_text(MASTER_CF.format(**values))
        (etc / "sasl/smtpd.conf").write_text(SASL_CONF.format(mechanisms=self.mechanisms, **values))
        self.environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "LD_LIBRARY_PATH": libraries,
                            "SASL_PATH": str(sasl)}
        name, domain = self.user.split("@")
        run(self.packages / "usr/sbin/saslpasswd2", "-p", "-c", "-f", etc / "sasldb2", "-u", domain, name,
            input=self.password, env=self.environment)
        shutil.chown(etc / "sasldb2", OWNER)

    def _start(self):
        self.master = subprocess.Popen(
            [self.packages / "usr/lib/postfix/sbin/master", "-d", "-e", LIFETIME, "-c", self.root / "etc"],
            env=self.environment, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        give_up = time.monotonic() + 10
        for port in (self.submission_port, self.submissions_port):
            while not answers(port):
                if self.master.poll() is not None or time.monotonic() > give_up:
                    raise RuntimeError(f"Postfix did not start:\n{self.log}")
                time.sleep(0.05)

    def _stop(self):
        master = getattr(self, "master", None)
        if not master:
            return
        master.terminate()      # which tells its daemons
        with suppress(subprocess.TimeoutExpired):
            master.wait(10)
        while runs(master.pid):
            with suppress(ProcessLookupError):
                os.killpg(master.pid, signal.SIGKILL)   # the group we started, as long as any of it is left
            time.sleep(0.02)
        master.wait(10)


def without_trace(data):
    """A message as it was before Postfix put its Received on top."""
    return re.sub(rb"\AReceived: .*\r\n(?:[ \t].*\r\n)*", b"", data)
