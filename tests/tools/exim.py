"""A real Exim as authenticated submission server, on loopback; overlay.py says how it is run.

    with Exim(certs) as server:
        ... send to 127.0.0.1: server.submission_port (STARTTLS) or server.submissions_port (implicit) ...

By hand, as root: exim.py FOLDER

It has no mailbox for REFUSED and a full one for LATER, and offers PIPELINING and CHUNKING.
"""

import os

from overlay import Server, by_hand

CONFIGURE = """\
keep_environment =
primary_hostname = exim.example.com
local_interfaces = 127.0.0.1
daemon_smtp_ports = {starttls} : {implicit}
tls_on_connect_ports = {implicit}
tls_advertise_hosts = *
tls_certificate = /etc/server.pem
tls_privatekey = /etc/server.key
auth_advertise_hosts = ${{if eq{{$tls_in_cipher}}{{}}{{}}{{*}}}}
acl_smtp_rcpt = recipient
acl_smtp_data = accept
host_lookup =
rfc1413_query_timeout = 0s
message_size_limit = 50M
log_file_path = {folder}/%slog
log_selector = +smtp_connection
# each message is passed on at once, and no session is too long
smtp_accept_queue_per_connection = 0
smtp_accept_max_per_connection = 0
smtp_accept_max = 0

begin acl
recipient:
  deny    !authenticated = *
          message = log in first
  deny    condition = ${{if eq{{$local_part@$domain}}{{{refused}}}}}
          message = 5.1.1 no such mailbox
  defer   condition = ${{if eq{{$local_part@$domain}}{{{later}}}}}
          message = 4.2.1 mailbox busy
  accept

begin routers
all:
  driver = manualroute
  route_list = * 127.0.0.1 byname
  self = send
  transport = out

begin transports
out:
  driver = smtp
  port = {sink}
  allow_localhost
  hosts_try_fastopen =

begin retry
* * F,1m,1s

begin authenticators
"""

PLAIN = """\
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{ {{eq{{$auth2}}{{{user}}}}} {{eq{{$auth3}}{{{password}}}}} }}}}
  server_set_id = $auth2
"""


class Exim(Server):
    NAME = "exim"
    PACKAGES = ("exim4-daemon-light", "exim4-base", "libdb5.3", "libevent-2.1-7", "libgnutls-dane0", "libidn12",
                "libnsl2", "libpcre2-8-0", "libtirpc3", "libunbound8")
    ACCOUNTS = {"Debian-exim": 61850}
    AUTHENTICATORS = PLAIN
    COMMAND = ("/usr/sbin/exim4", "-bdf", "-q1s")
    SESSION = r"SMTP connection from .* closed by QUIT"
    REJECTED = r"authenticator failed for"

    @property
    def log(self):
        parts = [self.folder / name for name in ("mainlog", "paniclog")]
        return "".join(part.read_text(errors="replace") for part in parts if part.exists())

    def write(self):
        owner = self.ACCOUNTS["Debian-exim"]
        self.lay_certificate(owner=owner)
        self.lay("/etc/exim4/exim4.conf", (CONFIGURE + self.AUTHENTICATORS).format(**self.values()))
        self.lay_folder("/var/spool/exim4", 0o750, owner)
        os.chown(self.folder, owner, owner)     # it writes its log there


if __name__ == "__main__":
    by_hand(Exim)
