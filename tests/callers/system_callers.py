"""Callers that tell root, or who owns a job, what has happened on the host."""

from caller import ROOT, SERVICE, Caller

# A file, so that it does not matter how a caller quotes.
RUN = "until [ -e done ]; do sleep 0.1; done; kill $!"
JOB = r"""
printf '%s' "$BODY" > output
printf '#!/bin/sh\ncat /var/lib/callers/output; touch /var/lib/callers/done\n' > job; chmod 755 job
"""
BAN = "fail2ban@example.org"
FQDN_ROOT = "root@host.example.org"
WARNING = r"^\*\*\* SECURITY information for host\.example\.org \*\*\*$"

SYSTEM_CALLERS = [
    Caller("cron", "cron procps", user="root", to="root", sender=SERVICE, author=ROOT,
           subject="^Cron <root@host> /var/lib/callers/job$",
           prepare="rm -f /run/crond.* /etc/cron.d/*; : > /etc/crontab",
           script=JOB + r"""
           printf 'SHELL=/bin/sh\n@reboot root /var/lib/callers/job\n' > /etc/cron.d/job
           cron -f & """ + RUN,
           tells="log", log=r"got status 0x"),
    Caller("anacron", "anacron", user="root", to="root", sender=SERVICE, author=ROOT,
           subject=r"^Anacron job 'job' on host\.example\.org$",
           script=JOB + r"""
           mkdir -p spool; rm -f spool/*; printf '1 0 job /var/lib/callers/job\n' > tab
           anacron -d -f -n -t tab -S spool""",
           tells="says log", log=r"anacron.*(Tried to mail|error|status)"),
    Caller("at", "at", user="root", to="alice", sender=SERVICE, author=SERVICE, subject=r"^Output from your job +\d+$",
           prepare="rm -f /run/atd.pid", script=JOB + r"""
           echo /var/lib/callers/job | runuser -u alice -- at now
           atd -f & """ + RUN, silent="atd does not ask for the status"),
    Caller("sudo mail_always", "sudo", to="root", sender=SERVICE, author="alice@example.net", ascii=True,
           subject=WARNING, silent="sudo does not ask for the status", body="alice : .*COMMAND=/usr/bin/true",
           prepare="printf 'Defaults mail_always, !mail_badpass\\nalice ALL=NOPASSWD: ALL\\n' > /etc/sudoers.d/alice",
           script="sudo -n true", messages=2),
    Caller("sudo mail_badpass", "sudo", to="root", sender=SERVICE, author="alice@example.net", ascii=True,
           subject=WARNING, silent="sudo does not ask for the status", body="incorrect password attempt",
           prepare="printf 'Defaults mail_badpass, passwd_tries=1\\nalice ALL=(ALL) ALL\\n' > /etc/sudoers.d/alice",
           script="! echo wrong | sudo -S true"),
    Caller("mdadm --monitor --test", "mdadm", user="root", to="root", sender=FQDN_ROOT, author=FQDN_ROOT, ascii=True,
           subject=r"^TestMessage event on /dev/md0:host", body="A TestMessage event",
           script="mdadm --monitor --test --oneshot --mail=root /dev/md0", silent="mdadm does not ask for the status"),
    Caller("smartd", "smartmontools bsd-mailx", user="root", sender=SERVICE, author=SERVICE, subject="SMART error",
           script=r"""
           SMARTD_MAILER= SMARTD_ADDRESS=$TO SMARTD_MESSAGE=$BODY SMARTD_DEVICE=/dev/sda SMARTD_DEVICETYPE=sat \
           SMARTD_DEVICESTRING=/dev/sda SMARTD_DEVICEINFO='a disk' SMARTD_FAILTYPE=EmailTest SMARTD_TFIRST=now \
           SMARTD_TFIRSTEPOCH=1 SMARTD_PREVCNT=0 SMARTD_NEXTDAYS= SMARTD_SUBJECT="SMART error" SMARTD_FULLMESSAGE= \
               /usr/share/smartmontools/smartd_warning.sh"""),
    Caller("logwatch", "logwatch", user="root", to="root", sender=SERVICE, author=ROOT, ascii=True,
           subject=r"^Logwatch for host", body="hello:amd64",
           script=r"""
           echo '2026-11-21 12:00:00 install hello:amd64 <none> 2.10-3' > /var/log/dpkg.log
           mkdir -p /var/cache/logwatch
           logwatch --output mail --mailto root --service dpkg --range all""",
           silent="logwatch does not ask for the status"),
    Caller("unattended-upgrades", "unattended-upgrades", user="root", sender=SERVICE, author=ROOT, bare=False,
           script=r"""
cp /usr/bin/unattended-upgrade program.py
cat > send.py <<'END'
import os, program
code = program._send_mail_using_sendmail("root", os.environ["TO"], os.environ["SUBJECT"], os.environ["BODY"])
raise SystemExit(code)
END
python3 send.py"""),
    Caller("fail2ban", "fail2ban", user="root", sender=BAN, author=BAN, ascii=True,
           subject=r"^\[Fail2Ban\] test: started on host", body="jail test has been started successfully", messages=2,
           script=r"""
           rm -rf /run/fail2ban; mkdir -p /run/fail2ban; : > /var/log/test.log; : > /var/log/fail2ban.log
           printf '[DEFAULT]\nsender = fail2ban@example.org\ndestemail = %s\n[test]\nenabled = true\nbackend = polling\n
           logpath = /var/log/test.log\nfilter = sshd\naction = sendmail[name=test,dest="%s",sender="fail2ban@example.org"]\n
           [sshd]\nenabled = false\n' "$TO" "$TO" | sed 's/^ *//' > /etc/fail2ban/jail.local
           fail2ban-client start; sleep 1; fail2ban-client stop""",
           tells="log", log=r"returned \d+", log_file="/var/log/fail2ban.log"),
]
