"""Mail programs of people, and git."""

from caller import Caller

NMH = r"""
cd; mkdir -p Mail; printf 'Path: Mail\n' > .mh_profile
printf 'From: %%s\nTo: %%s\nSubject: %%s\n--------\n%%s' "$FROM" "$TO" "$SUBJECT" "$BODY" > Mail/draft
/usr/bin/mh/send -mts %s ~/Mail/draft"""
EMACS = r"""
emacs -Q --batch --eval '(progn (require (quote message))
  (prefer-coding-system (quote utf-8))
  (setq message-send-mail-function (quote message-send-mail-with-sendmail) sendmail-program "/usr/sbin/sendmail"
        user-mail-address (getenv "FROM") user-full-name "Alice" mail-specify-envelope-from t)
  (message-mail (getenv "TO") (getenv "SUBJECT")) (message-goto-body) (insert (getenv "BODY")) (message-send))'"""
GIT = r"""
rm -rf repository; git init -q repository; cd repository
git config user.name Alice; git config user.email "$FROM"; git config sendemail.confirm never
echo hello > file; git add file; git commit -q -m "$SUBJECT" -m "$BODY"
git send-email --quiet --suppress-cc=all --to="$TO" %s -1"""
ALPINE = r"""
cat > person.py <<'END'
import fcntl, os, pty, re, select, struct, sys, termios, time


def sees(text, seconds=5):
    global screen
    end = time.monotonic() + seconds
    while not re.search(text, screen):
        if time.monotonic() > end:
            print("no", text, "in", re.sub(r"\x1b\[[0-9;]*[A-Za-z]|\0|  +", " ", screen)[-1500:])
            sys.exit(1)
        if select.select([terminal], [], [], 0.1)[0]:
            screen += os.read(terminal, 65536).decode(errors="replace")
    screen = ""


def types(text):
    os.write(terminal, text.encode())


screen = ""
child, terminal = pty.fork()
if child == 0:
    os.execvp("alpine", ["alpine", "-p", "pinerc", os.environ["TO"]])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0))
sees("COMPOSE(.|\n)*Subject")
types("\r\r" + os.environ["SUBJECT"] + "\r" + os.environ["BODY"].replace("\n", "\r"))
sees("weiter|later")
types("\x18")
sees("Send message")
types("y")
sees("Alpine finished", 8)
END
printf 'personal-name=Alice\nuser-domain=example.org\nlast-version-used=7.00\ndefault-fcc=""\n%s\n' '%s' > pinerc
TERM=vt100 python3 person.py"""
PATCH = dict(packages="git-email", subject=r"^\[PATCH\] .*", tells="exit says", bare=False)
DEAD = "exit says keeps"

MAILERS = [
    Caller("bsd-mailx", "bsd-mailx", tells=DEAD,
           script=r"""printf '%s' "$BODY" | bsd-mailx -s "$SUBJECT" -r "$FROM" "$TO" """),
    Caller("mailutils mail", "mailutils", tells=DEAD, body="Ein Gruß",   # it ends at the dot
           script=r"""printf '%s' "$BODY" | mail.mailutils -s "$SUBJECT" -r "$FROM" "$TO" """),
    Caller("s-nail", "s-nail", tells=DEAD,
           script=r"""printf '%s' "$BODY" | s-nail -s "$SUBJECT" -r "$FROM" "$TO" """),
    Caller("mutt", "mutt", bare=False, script=r"""
           printf '%s' "$BODY" | mutt -e "set from=$FROM use_envelope_from" -s "$SUBJECT" -- "$TO" """),
    Caller("nmh sendmail/pipe", "nmh", tells="says keeps", script=NMH % "sendmail/pipe"),
    Caller("nmh sendmail/smtp", "nmh", bs=True, script=NMH % "sendmail/smtp"),
    Caller("alpine", "alpine python3", bs=True, bare=False, script=ALPINE.replace("'%s'", "''")),
    Caller("alpine sendmail-path", "alpine python3", bare=False,
           script=ALPINE.replace("'%s'", "sendmail-path='/usr/sbin/sendmail -oi -t'")),
    Caller("Emacs message-mode", "emacs-nox", tells=DEAD, bare=False, script=EMACS),
    Caller("git send-email", script=GIT % "", **PATCH),
    Caller("git send-email --smtp-server", script=GIT % "--smtp-server=/usr/sbin/sendmail", **PATCH),
    Caller("git send-email --sendmail-cmd", **PATCH,
           script=GIT % "--sendmail-cmd='/usr/sbin/sendmail -t' --envelope-sender=auto"),
    Caller("bts", "devscripts", to="control@bugs.debian.org", subject="^tagging 123456$", body="tags 123456",
           ascii=True, bare=False,
           script=r"""DEBEMAIL=$FROM DEBFULLNAME=Alice bts tags 123456 + patch"""),
    Caller("swaks --pipe", "swaks", bs=True, ascii=True, script=r"""
           swaks --pipe '/usr/sbin/sendmail -bs' \
               -f "$FROM" -t "$TO" --h-From "$FROM" --h-Subject "$SUBJECT" --body "$BODY" """),
]
