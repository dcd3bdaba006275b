"""A name server on loopback, and programs that ask it and no other.

    with NameServer() as names:
        names.srv["_submissions._tcp.relay.test"] = [(0, 1, 465, "mx.relay.test")]
        names.a["mx.relay.test"] = "127.0.0.1"
        names.tlsa["_465._tcp.mx.relay.test"] = [(3, 1, 1, digest)]
        home.run(..., preexec_fn=names.enter)
        names.asked         (name, type) as they came

What is in none does not exist. proved: answers are said to be so (the AD bit), which is believed if trusting is set.
silent: it says nothing. odd(question) -> bytes is said instead of an answer.
Needs root: port 53, and a mount namespace in which /etc/resolv.conf is another file.
"""

import errno
import socket
import struct
import tempfile
import threading
from pathlib import Path

from mounts import cover, private_mounts

A, SRV, OPT, TLSA = 1, 33, 41, 52


def encoded(name):
    return b"".join(bytes([len(label)]) + label for label in name.encode().split(b".") if label) + b"\0"


def free_address(a_socket, network="127.0.54", port=53):
    """Binds it to the port of the first address that is free: others may test at the same time."""
    for address in (f"{network}.{n}" for n in range(1, 200)):
        try:
            a_socket.bind((address, port))
            return address
        except OSError as why:
            if why.errno != errno.EADDRINUSE:
                raise
    raise RuntimeError("no address is free")


class PrivateResolvConf:
    """Of programs that ask the name server at self.address."""

    def __init__(self, trusting):
        self._options = "options trust-ad\n" if trusting else ""

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory()
        self._conf = Path(self._folder.name) / "resolv.conf"
        self._conf.write_text(f"nameserver {self.address}\n{self._options}")
        self._conf.chmod(0o644)
        return self

    def __exit__(self, *_):
        self._folder.cleanup()

    def enter(self):
        """In a child, before exec: from here on this is the name server."""
        private_mounts()
        cover("/etc/resolv.conf", self._conf)


class NameServer(PrivateResolvConf):
    def __init__(self, trusting=False):
        super().__init__(trusting)
        self.srv, self.a, self.tlsa, self.asked = {}, {}, {}, []
        self.proved = False
        self.silent, self.odd, self.status = False, None, None      # status: RCODE of every answer

    def __enter__(self):
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.address = free_address(self._socket)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return super().__enter__()

    def __exit__(self, *_):
        self._socket.sendto(b"", (self.address, 53))     # the end, for the thread
        self._thread.join(5)
        self._socket.close()
        super().__exit__()

    def _serve(self):
        while True:
            try:
                question, client = self._socket.recvfrom(4096)
            except OSError:
                return
            if not question:
                return
            name, kind, end = self._parse(question)
            self.asked.append((name, kind))
            if not self.silent:
                self._socket.sendto(self._answer(question, name, kind, end), client)

    @staticmethod
    def _parse(question):
        labels, at = [], 12
        while question[at]:
            labels.append(question[at + 1:at + 1 + question[at]].decode())
            at += question[at] + 1
        return ".".join(labels).lower(), struct.unpack_from(">H", question, at + 1)[0], at + 5

    def _answer(self, question, name, kind, end):
        if self.odd and kind in (SRV, TLSA):
            return self.odd(question[:end])
        if kind == SRV:
            data = [struct.pack(">HHH", *record[:3]) + encoded(record[3]) for record in self.srv.get(name, [])]
        elif kind == TLSA:
            data = [bytes(record[:3]) + record[3] for record in self.tlsa.get(name, [])]
        else:
            data = [socket.inet_aton(self.a[name])] if kind == A and name in self.a else []
        known = name in self.a or name in self.srv or name in self.tlsa
        status = self.status if self.status is not None else 0 if known else 3
        answers = b"".join(b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 60, len(one)) + one for one in data)
        return (question[:2] + struct.pack(">HHHHH", 0x8580 | 0x20 * self.proved | status, 1, len(data), 0, 0) + question[12:end] + answers)
