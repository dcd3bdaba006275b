"""A real validating resolver (unbound) on loopback, and zones that are signed, or were.

    with Resolver(Path("/tmp/r"), {"signed.test": "mx A 127.0.0.1"}, trusting=True) as names:
        home.run(..., preexec_fn=names.enter)

The keys of all zones are its trust anchors, but of those in `unsigned`; `altered` has a text for another in a zone that
is signed already, `over` those whose signatures are of 2021. As dns.py it needs root. unbound and the signer are
Debian's packages, fetched and unpacked, never installed (debian.py).
"""

import os
import socket
import subprocess
import time

from debian import run, unpack
from dns import PrivateResolvConf, free_address

PACKAGES = ("unbound", "ldnsutils", "libldns3", "libevent-2.1-7", "libprotobuf-c1", "libpython3.11", "libnghttp2-14")
CONFIGURATION = """\
server:
    interface: {address}
    access-control: 127.0.0.0/8 allow
    username: ""
    chroot: ""
    directory: "{folder}"
    pidfile: ""
    use-syslog: no
    do-daemonize: no
    module-config: "validator iterator"
    local-zone: "test." nodefault
remote-control:
    control-enable: no
"""
ZONE = """\
auth-zone:
    name: "{zone}"
    zonefile: "{file}"
    for-upstream: yes
    for-downstream: no
"""
HEAD = "$ORIGIN {zone}.\n$TTL 60\n@ SOA ns hostmaster 1 60 60 60 60\n@ NS ns\nns A 127.0.0.1\n"


class Resolver(PrivateResolvConf):
    def __init__(self, folder, zones, *, unsigned=(), altered=None, over=(), trusting=True):
        super().__init__(trusting)
        self.folder, self.zones, self.unsigned, self.over = folder, zones, unsigned, over
        self.altered = altered or {}
        self._root = unpack(PACKAGES)
        libraries = next((self._root / "usr/lib").glob("*-linux-gnu"))
        self._environment = {**os.environ, "LD_LIBRARY_PATH": str(libraries)}

    def __enter__(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self._claim = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.address = free_address(self._claim, "127.0.55", 54)     # 53 is for unbound
        text = CONFIGURATION.format(address=self.address, folder=self.folder)
        # a root of our own, so that nothing is asked of the world
        text += ZONE.format(zone=".", file=self._write("", "ns.test A 127.0.0.1"))
        anchors = []
        for zone, records in self.zones.items():
            file = self._write(zone, records)
            if zone not in self.unsigned:
                anchor, file = self._sign(zone, file)
                anchors.append(f'    trust-anchor-file: "{anchor}"\n')
            text += ZONE.format(zone=zone, file=file)
        text = text.replace("remote-control:", "".join(anchors) + "remote-control:")
        (self.folder / "unbound.conf").write_text(text)
        self._log = open(self.folder / "log", "wb")
        self._process = subprocess.Popen([self._root / "usr/sbin/unbound", "-d", "-c", self.folder / "unbound.conf"],
                                         env=self._environment, stdout=self._log, stderr=self._log)
        self._wait()
        return super().__enter__()

    def __exit__(self, *what):
        self._process.terminate()
        self._process.wait(10)
        self._log.close()
        self._claim.close()
        super().__exit__(*what)

    def _write(self, zone, records):
        file = self.folder / (zone or "root")
        file.write_text(HEAD.format(zone=zone) + records + "\n")
        return file

    def _tool(self, name, *words):
        return run(self._root / "usr/bin" / name, *words, cwd=self.folder, env=self._environment)

    def _sign(self, zone, file):
        key = self._tool("ldns-keygen", "-k", "-a", "ECDSAP256SHA256", zone).strip()
        age = ("-i", "20210101000000", "-e", "20210201000000") if zone in self.over else ()
        self._tool("ldns-signzone", *age, file, key)
        signed = self.folder / f"{zone}.signed"
        for old, new in self.altered.get(zone, {}).items():
            text = signed.read_text()
            assert old in text, f"{old} is not in {zone}"
            signed.write_text(text.replace(old, new))
        return self.folder / f"{key}.key", signed

    def _wait(self):
        end = time.monotonic() + 10
        question = b"\1\2\1\0\0\1\0\0\0\0\0\0\0\0\2\0\1"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.settimeout(0.1)
            probe.connect((self.address, 53))
            while time.monotonic() < end:
                if self._process.poll() is not None:
                    break
                try:
                    probe.send(question)
                    probe.recv(512)
                    return
                except OSError:     # it does not listen yet
                    time.sleep(0.05)
        raise RuntimeError("unbound does not answer:\n" + (self.folder / "log").read_text())
