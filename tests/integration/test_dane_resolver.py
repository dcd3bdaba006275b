"""TLSA records as a real validating resolver finds them in zones that are signed, are not, or were altered since."""

import pytest
from debian import CannotRun
from home import at, can_mount
from mail import whole
from resolver import Resolver

TO = "bob@example.net"


def hexed(record):
    return "{} {} {} {}".format(*record[:3], record[3].hex())


# The zone, how it is, the record there and whether it is the server's; then what comes of it by prefer and by require for
# a server that nobody but its record vouches for, and by prefer for one that an authority vouches for.
ZONES = {
    "signed, right": ("signed.test", "right", True, True, True),
    "signed, wrong": ("signed.test", "wrong", False, False, False),
    "signed, none": ("signed.test", None, False, False, True),
    "no zone cut, and no such name": ("signed.test", "elsewhere", False, False, True),
    "unsigned": ("unsigned.test", "right", False, False, True),
    "unsigned, wrong": ("unsigned.test", "wrong", False, False, True),
    "altered": ("altered.test", "right", False, False, False),
    "over": ("over.test", "right", False, False, False),
}


@pytest.fixture
def resolver(tmp_path):
    if not can_mount():
        pytest.skip("a resolver of our own needs port 53 and a mount namespace: run these tests as root")

    def start(zone, record, wrong, port, trusting):
        text = "mx A 127.0.0.1\n"
        if record:
            text += f"_{port}._tcp.mx TLSA {record}\n"
        try:
            return Resolver(tmp_path / "zones", {zone: text}, trusting=trusting, over=["over.test"],
                            unsigned=["unsigned.test"],
                            altered={"altered.test": {record.split()[3]: wrong.split()[3]}} if record else {})
        except CannotRun as reason:
            pytest.skip(str(reason))
    return start


@pytest.mark.parametrize("case", ZONES)
@pytest.mark.parametrize("certificate, mode", [("self-signed", "prefer"), ("self-signed", "require"),
                                               ("authority", "prefer")])
def test_zones(home, peer, certs, resolver, case, certificate, mode):
    zone, kind, prefer, require, vouched = ZONES[case]
    own = "self-signed" if certificate == "self-signed" else "mx"
    if own == "mx":
        certs.make_for("mx", f"mx.{zone}")
    server = peer(certificate=own)
    right, wrong = hexed(certs.tlsa(3, 1, 1, own)), hexed(certs.tlsa(3, 1, 1, "good"))
    port = server.port + (kind == "elsewhere")
    arrives = {"self-signedprefer": prefer, "self-signedrequire": require, "authorityprefer": vouched}[certificate + mode]
    home.configure(work=at(server, host=f"mx.{zone}", tls_dane=mode))
    with resolver(zone, {"wrong": wrong, None: None}.get(kind, right), wrong, port, True) as names:
        result = home.run("-odi", TO, input=whole(), preexec_fn=names.enter)
    assert bool(server.received) == arrives == (not home.entries), result.err
    assert arrives or b"AUTH" not in b"\n".join(line for lines in server.sessions for line in lines)
    if zone in ("altered.test", "over.test"):
        assert "no answer from a name server about _" in result.err and "DNSSEC is broken" in result.err
    if kind == "wrong" and zone == "signed.test":
        assert f"publish {right}" in result.err


def test_its_word_does_not_count_unless_it_is_trusted(home, peer, certs, resolver):
    server = peer(certificate="self-signed")
    record = hexed(certs.tlsa(3, 1, 1, "self-signed"))
    home.configure(work=at(server, host="mx.signed.test", tls_dane="require"))
    with resolver("signed.test", record, record, server.port, False) as names:
        result = home.run("-odi", TO, input=whole(), preexec_fn=names.enter)
    assert not server.received and 'no "options trust-ad"' in result.err, result.err
