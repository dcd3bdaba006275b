"""Real callers with pillarbox as their /usr/sbin/sendmail: what arrives, and what they make of a refusal."""

import email
import email.policy
import re
import time
import uuid

import pytest
from table import CALLERS

REFUSALS = {65: "larger than max-size", 67: "a bare name, and no domain", 75: "the disk is full",
            78: "the configuration is broken"}
BODY = "Ein Gruß {}: äöü €\n.\nund weiter\n"
SAYS = r"(?i)pillarbox: |fail|error|exited|no Alpine|\b[45]\d\d\b"    # the last as SMTP replies


def each(codes):
    """All callers with each of these codes, save those that take no bare names themselves."""
    pairs = [(caller, code) for caller in CALLERS for code in codes if caller.bare or code != 67]
    return pytest.mark.parametrize("caller, code", pairs, ids=[f"{caller.name}-{code}" for caller, code in pairs])


@pytest.fixture(autouse=True)
def can_run(request, speaks_smtp):
    caller = request.node.callspec.params["caller"] if hasattr(request.node, "callspec") else None
    if caller is None:
        return
    if caller.absent:
        pytest.skip(f"{caller.name}: {caller.absent}")
    if caller.bs and not speaks_smtp:
        pytest.skip(f"{caller.name}: there is no sendmail -bs")


def call(host, caller, to=None):
    """Its result, and what it was to send."""
    token = uuid.uuid4().hex[:12]
    texts = [f"Grüße {token}", BODY.format(token)]
    if caller.ascii:
        texts = [text.encode("ascii", "ignore").decode() for text in texts]
    environment = {"TO": to or caller.to, "FROM": "alice@example.org", "SUBJECT": texts[0], "BODY": texts[1]}
    host.log.clear()
    prepared = host.run(f"""
        cd /; rm -rf /var/lib/callers; mkdir -m 1777 /var/lib/callers
        find /root /home/alice /var/tmp -mindepth 1 -delete
        {caller.prepare}""")
    assert prepared.code == 0, prepared.said
    begin = time.monotonic()
    result = host.run(caller.script, caller.user, environment, caller.timeout)
    print(result, f"{time.monotonic() - begin:.1f} s")
    return result, token, texts


def arrived(host, relay, caller):
    """The first message, when nothing is on its way any more."""
    messages = relay.wait_messages(caller.messages, 15)
    trouble = host.run("mailq; pillarbox --check || :").said, host.log, relay.transcript
    assert len(messages) == caller.messages, trouble
    assert host.wait_quiet() and host.entries == []
    return messages[0]


def address(field):
    assert len(field.addresses) == 1, field
    return field.addresses[0].addr_spec


def judge(caller, message, texts):
    subject, body = texts
    expected = caller.to if "@" in caller.to else f"{caller.to}@example.net"
    assert (message.mail_from, message.rcpt_tos) == (caller.sender, [expected])
    assert message.encrypted and message.user == "alice@example.com"
    assert message.data.partition(b"\r\n\r\n")[0].isascii()
    read = email.message_from_bytes(message.data, policy=email.policy.default)
    assert address(read["From"]) == caller.author
    for name in ("From", "Date", "Message-ID", "Subject"):
        assert len(read.get_all(name, [])) == 1, name
    assert re.search(caller.subject or f"^{re.escape(subject)}$", read["Subject"]), read["Subject"]
    content = read.get_body().get_content().replace("\r\n", "\n")
    if caller.body:
        assert re.search(caller.body, content), content
    else:
        assert body.rstrip("\n") in content


@each(["recorded", "real"])
def test_a_message_arrives(host, relay, caller, code, seen):
    if code == "recorded":
        host.record()
        try:
            result, _, texts = call(host, caller)
            message = arrived(host, relay, caller)
        finally:
            calls = host.unrecord()
        assert calls
        seen(caller)["calls"] = sorted(set(calls))
    else:
        result, _, texts = call(host, caller)
        message = arrived(host, relay, caller)
    assert result.code == 0
    judge(caller, message, texts)
    if code == "real":
        seen(caller)["arrived"] = "arrived"


def refuse(host, relay, caller, code):
    """Makes sendmail end with this status; the recipient to use."""
    if code == 65:
        host.configure(relay, max_size=10)
    elif code == 67:
        host.configure(relay, domain=None)
    elif code == 75:
        host.fill_disk()
    else:
        host.write_config("nonsense = true\n")
    return caller.to.partition("@")[0] if code == 67 else caller.to


@each(REFUSALS)
def test_a_refusal_is_told(host, relay, caller, code, seen):
    to = refuse(host, relay, caller, code)
    try:
        result, token, _ = call(host, caller, to)
        assert host.wait_quiet(), host.processes()
        assert host.entries == []
    finally:
        if code == 75:
            host.empty_disk()
    assert relay.messages == [] and relay.stages == []
    assert caller.bs or host.logged(r"pillarbox\[\d+\]: not taken from uid")
    kept = [path for path in host.run(f"grep -rl {token} /home /root /var/tmp /var/mail || :").said.split()]
    log = "\n".join(host.log)
    if caller.log_file:
        log += host.place(caller.log_file).read_text()
    told = [way for way, does in (("exit", result.code != 0), ("says", re.search(SAYS, result.said)), ("keeps", kept),
                                  ("log", caller.log and re.search(caller.log, log))) if does]
    print(log, kept)
    excuse = [f"({caller.silent})"] if caller.silent else []
    seen(caller)[code] = " ".join([f"exit {result.code},", *told, *kept, *excuse])
    missing = set() if caller.silent else set(caller.tells.split()) - set(told)
    assert missing == set()


SEVERAL = r"""
cat > send.php <<'END'
<?php
require '/usr/share/php/Symfony/Component/Mailer/autoload.php';
use Symfony\Component\Mailer\{Mailer, Transport};
$mailer = new Mailer(Transport::fromDsn('sendmail://default'));
for ($i = 0; $i < 120; $i++)
    try {
        $text = $i % 50 == 20 ? str_repeat("too large\n", 5000) : "number $i";
        $mailer->send((new Symfony\Component\Mime\Email())->from('alice@example.org')->to("bob$i@example.org")
            ->subject("number $i")->text($text));
    } catch (Symfony\Component\Mailer\Exception\TransportExceptionInterface $e) {
        echo "$i: ", $e->getMessage(), "\n";
    }
END
php send.php"""


def test_symfony_sends_many_through_one_process(host, relay, speaks_smtp):
    """It ends it after 100; what is refused among them is told, and the next ones go on."""
    host.configure(relay, max_size=20000)
    host.record()
    try:
        result = host.run(f"cd /tmp; {SEVERAL}", "alice", timeout=60)
        messages = relay.wait_messages(118, 30)
    finally:
        calls = host.unrecord()
    assert result.code == 0 and [line.split(":")[0] for line in result.said.splitlines()] == ["20", "70"], result.said
    assert result.said.count("552 5.3.4 message larger than max-size") == 2
    assert host.wait_quiet() and host.entries == []
    to = [recipient for message in messages for recipient in message.rcpt_tos]
    assert sorted(to) == sorted(f"bob{number}@example.org" for number in range(120) if number % 50 != 20)
    assert len(calls) == 2, calls


def test_check_mailq_counts(host, relay):
    """The plugin of Nagios and its like, with Postfix's listing as its man page names it."""
    plugin = "/usr/lib/nagios/plugins/check_mailq -M postfix -w 1 -c 5"
    empty = host.run(plugin)
    assert empty.code == 0 and empty.said.startswith("OK: "), empty.said
    for _ in range(2):
        assert host.run("echo hello | sendmail -odq bob@example.org", "alice").code == 0
    two = host.run(plugin)
    assert two.code == 1 and "unsent=2;" in two.said, two.said
    assert host.run("pillarbox --flush").code == 0 and len(relay.messages) == 2
