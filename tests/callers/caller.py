"""What a line of the table of callers says."""

from dataclasses import dataclass

FROM, TO = "alice@example.org", "bob@example.org"
SERVICE = "service@example.com"     # the relay's "from", for what names no sender
ROOT = "root@example.net"           # root, and the "domain" of the configuration


@dataclass
class Caller:
    """A script for sh, run in the empty folder /var/lib/callers with TO, FROM, SUBJECT and BODY in the environment.

    What it must do when sendmail refuses is in `tells`: "exit" (a status of its own), "says" (on its output), "keeps" (the
    text is in some file), "log" (what `log` fits is in the system's log or in the file `log_file`). Without any, `silent`
    says why nobody can know.
    """

    name: str
    packages: str
    script: str
    tells: str = "exit says"
    user: str = "alice"
    prepare: str = ""       # as root, before each run
    sender: str = FROM      # of the envelope
    author: str = FROM      # the address in From
    to: str = TO
    subject: str = None     # a regular expression, if it is not SUBJECT
    body: str = None        # likewise; if it is not BODY
    ascii: bool = False     # SUBJECT and BODY are to be ASCII
    messages: int = 1       # of which the first one is looked at
    bare: bool = True       # takes a name without a domain for TO
    bs: bool = False        # speaks SMTP to sendmail -bs
    log: str = None
    log_file: str = None
    silent: str = None
    timeout: int = 30
    absent: str = None      # why it cannot be tried at all
