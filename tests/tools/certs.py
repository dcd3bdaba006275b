"""A throw-away authority and the server certificates the tests need, made with the openssl command.

As command: certs.py FOLDER. Every certificate NAME is FOLDER/NAME.pem with its key in FOLDER/NAME.key.

    ca           the authority; a client trusts it by FOLDER/ca.pem
    good         for localhost and 127.0.0.1
    named        for relay.test and all directly below it
    wrong-name   signed by the authority, but for another host
    expired      right name and authority, over since 2021
    self-signed  right name, vouched for by itself alone
    not-yet      right name and authority, valid from 2099 on
    stranger     right name, signed by the authority `other`, which nobody trusts
    wrong-purpose  right name and authority, for clients only
    name-nul     signed by the authority, for the name "localhost" with a NUL and more behind it
    common-name  signed by the authority, the right name in CN alone, an alternative name of another host
    cn-only      the right name in CN, and no alternative name at all
    rsa-512, rsa-1024   right name and authority, a key that can be broken
    ca-leaf      right name and authority, itself an authority
    revoked      right name and authority, which has revoked it: FOLDER/crl.pem, with which all else is good
    chained      right name, signed by `middle`, which the authority vouches for and the server shows
    md5, sha1    the same, with a signature that can be forged
    incomplete   the same, but the server does not show `middle`
    star-test, star-part, star-deep, star-all   for *.test, rel*.test, *.*.test, *
    client       what a client shows who it is by

stale.pem is a list of revocations that was to be followed by another in 2021.
"""

import base64
import hashlib
import subprocess
import sys
from pathlib import Path

HERE = "DNS:localhost,IP:127.0.0.1"
NAMED = "DNS:relay.test,DNS:*.relay.test"
STARS = {"star-test": "*.test", "star-part": "rel*.test", "star-deep": "*.*.test", "star-all": "*"}
EC = ("ec", "-pkeyopt", "ec_paramgen_curve:prime256v1")
ELSEWHERE = "DNS:mail.example.com"
LONG_OVER = ("-startdate", "20200101000000Z", "-enddate", "20210101000000Z")
NOT_YET = ("-startdate", "20990101000000Z", "-enddate", "21000101000000Z")
NOW = ("-days", "30")

CA_CONFIG = """\
[ca]
default_ca = throw-away
[throw-away]
dir = {folder}
new_certs_dir = {folder}
database = {folder}/index.txt
rand_serial = yes
unique_subject = no
crlnumber = {folder}/crlnumber
default_crl_days = 30
default_md = sha256
policy = anything
copy_extensions = copy
certificate = {folder}/ca.pem
private_key = {folder}/ca.key
[anything]
commonName = optional
"""


def openssl(*arguments):
    done = subprocess.run(["openssl", *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"openssl {arguments[0]} failed:\n{done.stderr}")
    return done.stdout


class Certs:
    """Makes all certificates in `folder`, once; a folder that has them already is used as it is."""

    def __init__(self, folder):
        self.folder = Path(folder)
        if not self.certificate("stale").exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            self._make_all()

    @property
    def ca(self):
        return self.certificate("ca")

    def certificate(self, name):
        return self.folder / f"{name}.pem"

    def key(self, name):
        return self.folder / f"{name}.key"

    def _make_all(self):
        (self.folder / "index.txt").write_text("")
        (self.folder / "crlnumber").write_text("01\n")
        (self.folder / "ca.cnf").write_text(CA_CONFIG.format(folder=self.folder))
        # for req: the machine's own openssl.cnf would add extensions of its own to ours
        (self.folder / "req.cnf").write_text("[req]\ndistinguished_name = dn\n[dn]\n")
        for authority in ("ca", "other"):
            self._self_signed(authority, f"CN=pillarbox test authority {authority}",
                              "basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign")
        self._signed("good", HERE, NOW)
        self._signed("named", NAMED, NOW)
        self._signed("wrong-name", ELSEWHERE, NOW)
        self._signed("expired", HERE, LONG_OVER)
        self._self_signed("self-signed", "CN=localhost",
                          "basicConstraints=critical,CA:FALSE", f"subjectAltName={HERE}")
        self._signed("not-yet", HERE, NOT_YET)
        self._signed("stranger", HERE, NOW, "-cert", self.certificate("other"), "-keyfile", self.key("other"))
        self._signed("wrong-purpose", HERE, NOW, extensions=["extendedKeyUsage=clientAuth"])
        # an IA5String of DER by hand: the tag of a DNS name, the length, the name
        name = b"localhost\0.mail.example.com"
        self._signed("name-nul", "DER:30%02x82%02x%s" % (len(name) + 2, len(name), name.hex()), NOW)
        self._signed("common-name", ELSEWHERE, NOW, subject="127.0.0.1")
        self._signed("cn-only", None, NOW, subject="localhost")
        for bits in (512, 1024):
            self._signed(f"rsa-{bits}", HERE, NOW, key=(f"rsa:{bits}",))
        self._signed("ca-leaf", HERE, NOW, basic="CA:TRUE")
        self._signed("middle", None, NOW, basic="CA:TRUE", key=("rsa:2048",))
        by_middle = ("-cert", self.certificate("middle"), "-keyfile", self.key("middle"))
        self._signed("incomplete", HERE, NOW, *by_middle)
        for name, digest in (("chained", "sha256"), ("sha1", "sha1"), ("md5", "md5")):
            self._signed(name, HERE, NOW, *by_middle, "-md", digest)
            with self.certificate(name).open("a") as chain:
                chain.write(self.certificate("middle").read_text())
        for name, star in STARS.items():
            self._signed(name, f"DNS:{star}", NOW)
        self._signed("client", None, NOW, extensions=["extendedKeyUsage=clientAuth"])
        self._signed("revoked", HERE, NOW)
        openssl("ca", "-config", self.folder / "ca.cnf", "-revoke", self.certificate("revoked"))
        for name, validity in (("crl", ()), ("stale", ("-crl_lastupdate", "20200101000000Z",
                                                       "-crl_nextupdate", "20210101000000Z"))):
            openssl("ca", "-config", self.folder / "ca.cnf", "-gencrl", *validity, "-out", self.certificate(name))

    def make_for(self, name, host):
        """One more, right but for its name, which is `host`."""
        self._signed(name, f"DNS:{host}", NOW)

    def public_key(self, name):
        """That of a certificate, in DER."""
        key = openssl("x509", "-in", self.certificate(name), "-noout", "-pubkey")
        return base64.b64decode("".join(key.splitlines()[1:-1]))

    def pin(self, name):
        """The same as tls-pin has it."""
        return "sha256//" + base64.b64encode(hashlib.sha256(self.public_key(name)).digest()).decode()

    def tlsa(self, usage, selector, matching, name):
        """A TLSA record that is about a certificate: its three numbers and its data."""
        pem = openssl("x509", "-in", self.certificate(name))
        data = self.public_key(name) if selector else base64.b64decode("".join(pem.splitlines()[1:-1]))
        digest = (bytes, lambda der: hashlib.sha256(der).digest(), lambda der: hashlib.sha512(der).digest())[matching]
        return usage, selector, matching, digest(data)

    def shown_with(self, name, *others):
        """The name of a certificate that is `name`, shown with others behind it."""
        joint = "+".join((name, *others))
        for path, parts in ((self.certificate(joint), [self.certificate(part) for part in (name, *others)]),
                            (self.key(joint), [self.key(name)])):
            path.write_text("".join(part.read_text() for part in parts))
        return joint

    def _request(self, name, key=EC):
        return ("req", "-config", self.folder / "req.cnf", "-nodes", "-keyout", self.key(name), "-newkey", *key)

    def _self_signed(self, name, subject, *extensions):
        added = [word for extension in extensions for word in ("-addext", extension)]
        openssl(*self._request(name), "-x509", "-days", "30", "-subj", f"/{subject}", *added,
                "-out", self.certificate(name))

    def _signed(self, name, alternative_names, validity, *by, extensions=(), subject=None, key=EC,
                basic="CA:FALSE"):
        request = self.folder / f"{name}.csr"
        if alternative_names:
            extensions = [f"subjectAltName={alternative_names}", *extensions]
        added = [word for extension in extensions for word in ("-addext", extension)]
        openssl(*self._request(name, key), "-new", "-subj", f"/CN={subject or name}",
                "-addext", f"basicConstraints=critical,{basic}", *added, "-out", request)
        openssl("ca", "-batch", "-notext", "-config", self.folder / "ca.cnf", *by, *validity,
                "-in", request, "-out", self.certificate(name))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: certs.py FOLDER")
    Certs(sys.argv[1])
