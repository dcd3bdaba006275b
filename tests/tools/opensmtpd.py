"""A real OpenSMTPD as authenticated submission server, on loopback; overlay.py says how it is run.

    with OpenSMTPD(certs) as server:
        ... send to 127.0.0.1: server.submission_port (STARTTLS) or server.submissions_port (implicit) ...

By hand, as root: opensmtpd.py FOLDER

It refuses REFUSED for good and LATER for now, and offers neither PIPELINING nor CHUNKING.

It is that of Debian 12's backports: 6.8.0p2, Debian 12's own, fails in every TLS handshake with OpenSSL 3 (OpenSMTPD's
issue 1171).
"""

import subprocess

from overlay import Server, by_hand

CONFIGURATION = """\
pki server cert "/etc/server.pem"
pki server key "/etc/server.key"
table accounts file:/etc/accounts
filter later phase rcpt-to match rcpt-to {{ "{later}" }} reject "450 4.2.1 mailbox busy"
filter refused phase rcpt-to match rcpt-to {{ "{refused}" }} reject "550 5.1.1 no such mailbox"
filter both chain {{ later, refused }}
listen on 127.0.0.1 port {starttls} tls-require pki server auth <accounts> filter both hostname opensmtpd.example.com
listen on 127.0.0.1 port {implicit} smtps pki server auth <accounts> filter both hostname opensmtpd.example.com
# passes on without its usual pauses between sessions
mta limit conn-delay-host 0 conn-delay-route 0 conn-delay-source 0 conn-delay-relay 0 conn-delay-domain 0
mta limit session-mail-max 1000
action out relay host smtp://127.0.0.1:{sink} helo opensmtpd.example.com
match auth from any for any action out
"""


class OpenSMTPD(Server):
    NAME = "opensmtpd"
    PACKAGES = ("libdb5.3", "libevent-2.1-7")
    BACKPORTS = ("opensmtpd",)
    ACCOUNTS = {"opensmtpd": 61851, "opensmtpq": 61852}
    COMMAND = ("/usr/sbin/smtpd", "-d", "-f", "/etc/smtpd.conf")
    SESSION = r" smtp authentication .*result=ok"
    REJECTED = r" smtp authentication .*result=permfail"

    @property
    def log(self):
        return (self.folder / "said").read_text(errors="replace")

    def write(self):
        self.lay_certificate()
        self.lay("/etc/smtpd.conf", CONFIGURATION.format(**self.values()))
        word = subprocess.run(["openssl", "passwd", "-6", "-stdin"], input=self.password, text=True,
                              stdout=subprocess.PIPE, check=True).stdout
        self.lay("/etc/accounts", f"{self.user} {word}")
        self.lay_folder("/var/lib/opensmtpd/empty")
        self.lay_folder("/var/spool/smtpd", 0o711)


if __name__ == "__main__":
    by_hand(OpenSMTPD)
