"""Dovecot's real submission service, on loopback, with a relay behind it; overlay.py says how it is run.

    with Dovecot(certs) as server:
        ... send to 127.0.0.1: server.submission_port (STARTTLS) or server.submissions_port (implicit) ...

By hand, as root: dovecot.py FOLDER

It passes on each command as it comes, and so the relay behind it refuses REFUSED for good and LATER for now. It offers
PIPELINING and CHUNKING. Other servers can ask it about logins, at the socket "auth" in its folder.
"""

from overlay import Server, by_hand

LOGINS = """\
log_path = {folder}/log
auth_failure_delay = 0
auth_mechanisms = {mechanisms}
passdb {{
  driver = passwd-file
  args = /etc/dovecot/accounts
}}
userdb {{
  driver = static
  args = uid={mailer} gid={mailer} home=/home/mailer
}}
service auth {{
  unix_listener {folder}/auth {{
    mode = 0666
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""

SUBMISSION = """\
protocols = submission
listen = 127.0.0.1
hostname = dovecot.example.com
ssl = required
ssl_cert = </etc/server.pem
ssl_key = </etc/server.key
mail_location = maildir:~/mail
service submission-login {{
  inet_listener submission {{
    port = {starttls}
  }}
  inet_listener submissions {{
    port = {implicit}
    ssl = yes
  }}
}}
submission_relay_host = 127.0.0.1
submission_relay_port = {sink}
submission_relay_ssl = no
"""


def lay_dovecot(server, configuration):
    """Dovecot's files, where that server sees them; it is to know its user, and has an account for mail."""
    mailer = Dovecot.ACCOUNTS["mailer"]
    server.lay("/etc/dovecot/dovecot.conf", (LOGINS + configuration).format(
        mailer=mailer, mechanisms=server.mechanisms.lower(), **server.values()))
    server.lay("/etc/dovecot/accounts", f"{server.user}:{{PLAIN}}{server.password}\n", 0o600,
               Dovecot.ACCOUNTS["dovecot"])
    server.lay_folder("/home/mailer", 0o700, mailer)


class Dovecot(Server):
    NAME = "dovecot"
    PACKAGES = ("dovecot-core", "dovecot-submissiond", "libapparmor1", "libbz2-1.0", "libcap2", "libexttextcat-2.0-0",
                "libicu72", "liblua5.4-0", "libnsl2", "libsodium23", "libstemmer0d", "libtirpc3", "libunwind8",
                "libwrap0")
    ACCOUNTS = {"dovecot": 61853, "dovenull": 61854, "mailer": 61855}
    COMMAND = ("/usr/sbin/dovecot", "-F", "-c", "/etc/dovecot/dovecot.conf")
    SESSION = r"submission-login: Info: Login: "
    REJECTED = r"submission-login: Info: .*auth failed, "

    def write(self):
        self.lay_certificate()
        lay_dovecot(self, SUBMISSION)


if __name__ == "__main__":
    by_hand(Dovecot)
