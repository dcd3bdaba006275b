"""Libraries, as a program of some lines calls them."""

from caller import Caller

PHP = r"""
cat > send.php <<'END'
<?php
[$to, $from, $subject, $body] = array_map('getenv', ['TO', 'FROM', 'SUBJECT', 'BODY']);
%s
END
php send.php"""
MAIL = r"""exit(mail($to, $subject, $body, "From: $from\r\nContent-Type: text/plain; charset=utf-8"%s) ? 0 : 1);"""
PHPMAILER = r"""
require '/usr/share/php/libphp-phpmailer/autoload.php';
$mail = new PHPMailer\PHPMailer\PHPMailer(true);
$mail->%s();
$mail->CharSet = 'utf-8';
$mail->setFrom($from);
$mail->addAddress($to);
$mail->Subject = $subject;
$mail->Body = $body;
$mail->send();"""
SYMFONY = r"""
require '/usr/share/php/Symfony/Component/Mailer/autoload.php';
use Symfony\Component\Mailer\{Mailer, Transport};
$mailer = new Mailer(Transport::fromDsn('%s'));
$mailer->send((new Symfony\Component\Mime\Email())->from($from)->to($to)->subject($subject)->text($body));"""
NODE = r"""
cat > send.js <<'END'
const {TO, FROM, SUBJECT, BODY} = process.env
require('nodemailer').createTransport({sendmail: true, path: '/usr/sbin/sendmail'}).sendMail(
    {from: FROM, to: TO, subject: SUBJECT, text: BODY}).catch(error => { console.error(error.message); process.exit(1) })
END
NODE_PATH=/usr/share/nodejs node send.js"""
RUBY = r"""
cat > send.rb <<'END'
require 'mail'
Mail.defaults { delivery_method :sendmail }
Mail.deliver { from ENV['FROM']; to ENV['TO']; subject ENV['SUBJECT']; body ENV['BODY']; charset = 'UTF-8' }
END
ruby send.rb"""
SENDER = r"""
cat > send.pl <<'END'
use Email::Sender::Simple qw(sendmail);
use Email::Sender::Transport::Sendmail;
use Email::Simple;
my $email = Email::Simple->create(
    header => [From => $ENV{FROM}, To => $ENV{TO}, Subject => $ENV{SUBJECT}], body => $ENV{BODY});
sendmail($email, {from => $ENV{FROM}, to => $ENV{TO}, transport => Email::Sender::Transport::Sendmail->new});
END
perl send.pl"""
LITE = r"""
cat > send.pl <<'END'
use MIME::Lite;
MIME::Lite->new(From => $ENV{FROM}, To => $ENV{TO}, Subject => $ENV{SUBJECT}, Data => $ENV{BODY})->send('sendmail')
    or die "not sent\n";
END
perl send.pl"""
MAILER = r"""
cat > send.pl <<'END'
use Mail::Mailer;
my $mailer = Mail::Mailer->new('sendmail');
$mailer->open({From => $ENV{FROM}, To => $ENV{TO}, Subject => $ENV{SUBJECT}});
print $mailer $ENV{BODY};
$mailer->close or die "not sent: $?\n";
END
perl send.pl"""
PYTHON = r"""
cat > send.py <<'END'
import os, smtplib, socket, subprocess
from email.message import EmailMessage
message = EmailMessage()
message["From"], message["To"], message["Subject"] = (os.environ[name] for name in ("FROM", "TO", "SUBJECT"))
message.set_content(os.environ["BODY"])
%s
END
python3 send.py"""
SMTPLIB = r"""
class Pipe(smtplib.SMTP):
    def _get_socket(self, host, port, timeout):
        ours, theirs = socket.socketpair()
        self.child = subprocess.Popen(["/usr/sbin/sendmail", "-bs"], stdin=theirs, stdout=theirs)
        return ours
Pipe("pipe", 1).send_message(message)"""

LIBRARIES = [
    Caller("PHP mail()", "php-cli", script=PHP % MAIL % "", bare=False),
    Caller("PHP mail(), fifth parameter", "php-cli", script=PHP % MAIL % ', "-f$from"', bare=False),
    Caller("PHPMailer isSendmail", "libphp-phpmailer php-cli", script=PHP % PHPMAILER % "isSendmail", bare=False),
    Caller("PHPMailer isMail", "libphp-phpmailer php-cli", script=PHP % PHPMAILER % "isMail", bare=False),
    Caller("Symfony Mailer", "php-symfony-mailer php-cli", bs=True, bare=False,
           script=PHP % SYMFONY % "sendmail://default"),
    Caller("Symfony Mailer -t -i", "php-symfony-mailer php-cli", bare=False,
           script=PHP % SYMFONY % "sendmail://default?command=/usr/sbin/sendmail%20-t%20-i"),
    # Without -i it doubles dots, as sendmail 8 wants it, and nobody else.
    Caller("Symfony Mailer -t", "php-symfony-mailer php-cli", bare=False, body="€\n..\nund weiter",
           script=PHP % SYMFONY % "sendmail://default?command=/usr/sbin/sendmail%20-t"),
    Caller("Nodemailer", "node-nodemailer nodejs", script=NODE),
    Caller("Ruby mail", "ruby-mail", script=RUBY, silent="Ruby's mail 2.7 does not ask for the status"),
    Caller("Email::Sender", "libemail-sender-perl", script=SENDER, bare=False),
    Caller("MIME::Lite", "libmime-lite-perl", script=LITE),
    Caller("Mail::Mailer", "libmailtools-perl", script=MAILER),
    Caller("Mail::Sendmail", "", "", absent="Perl's Mail::Sendmail speaks SMTP to a server, and calls no sendmail"),
    Caller("Python subprocess", "python3",
           script=PYTHON % 'subprocess.run(["/usr/sbin/sendmail", "-oi", "-t"], input=bytes(message), check=True)'),
    Caller("Python smtplib", "python3", bs=True, script=PYTHON % SMTPLIB),
]
