"""Postfix and Exim that ask Dovecot about logins, as most of them do; postfix.py and overlay.py say how they are run.

    with PostfixWithDovecot(certs, mechanisms="PLAIN SCRAM-SHA-256") as server:
        ... as with Postfix ...
"""

from dovecot import Dovecot, lay_dovecot
from exim import Exim
from postfix import Postfix


class PostfixWithDovecot(Postfix):
    """Dovecot is a server of its own, with a socket for it."""
    NAME = "postfix-dovecot"
    SASL_TYPE = "dovecot"

    def __enter__(self):
        self.dovecot = Dovecot(self.certs, self.user, self.password, self.mechanisms).__enter__()
        self.sasl_path = self.dovecot.folder / "auth"
        try:
            return super().__enter__()
        except BaseException:
            self.dovecot.__exit__()
            raise

    def __exit__(self, *_):
        super().__exit__()
        self.dovecot.__exit__()


class EximWithDovecot(Exim):
    """Both are in one overlay. Dovecot's driver is in the larger one of Debian's Exims only."""
    NAME = "exim-dovecot"
    PACKAGES = ("exim4-daemon-heavy", *Exim.PACKAGES[1:], "libldap-2.5-0", "libmariadb3", "libperl5.36", "libpq5",
                "libsasl2-2", "libspf2-2", "libsqlite3-0", *Dovecot.PACKAGES)
    ACCOUNTS = {**Exim.ACCOUNTS, **Dovecot.ACCOUNTS}
    COMMAND = ("/bin/sh", "-c", "/usr/sbin/dovecot -c /etc/dovecot/dovecot.conf && exec " + " ".join(Exim.COMMAND))

    @property
    def AUTHENTICATORS(self):
        return "".join(f"""\
{name.lower().replace("-", "_")}:
  driver = dovecot
  public_name = {name}
  server_socket = {{folder}}/auth
  server_set_id = $auth1
""" for name in self.mechanisms.split())

    def write(self):
        super().write()
        lay_dovecot(self, "protocols =\nssl = no\n")
