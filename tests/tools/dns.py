"""A name server on loopback, and programs that ask it and no other.

    with NameServer() as names:
        names.srv["_submissions._tcp.relay.test"] = [(0, 1, 465, "mx.relay.test")]
        names.a["mx.relay.test"] = "127.0.0.1"
        home.run(..., preexec_fn=names.enter)
        names.asked         (name, type) as they came

What is in neither does not exist. silent: it says nothing. odd(question) -> bytes is said instead of an answer.
Needs root: port 53, and a mount namespace in which /etc/resolv.conf is another file.
"""

import ctypes
import errno
import socket
import struct
import tempfile
import threading
from pathlib import Path

A, SRV, OPT = 1, 33, 41
CLONE_NEWNS, MS_BIND, MS_REC, MS_PRIVATE = 0x20000, 0x1000, 0x4000, 0x40000
ADDRESSES = [f"127.0.54.{n}" for n in range(1, 200)]   # the first that is free: others may test at the same time


def encoded(name):
    return b"".join(bytes([len(label)]) + label for label in name.encode().split(b".") if label) + b"\0"


class NameServer:
    def __init__(self):
        self.srv, self.a, self.asked = {}, {}, []
        self.silent, self.odd, self.status = False, None, None      # status: RCODE of every answer

    def __enter__(self):
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.address = next(filter(self._bind, ADDRESSES))
        self._folder = tempfile.TemporaryDirectory()
        self._conf = Path(self._folder.name) / "resolv.conf"
        self._conf.write_text(f"nameserver {self.address}\n")
        self._conf.chmod(0o644)
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._socket.sendto(b"", (self.address, 53))     # the end, for the thread
        self._thread.join(5)
        self._socket.close()
        self._folder.cleanup()

    def _bind(self, address):
        try:
            self._socket.bind((address, 53))
        except OSError as why:
            if why.errno != errno.EADDRINUSE:
                raise
            return False
        return True

    def enter(self):
        """In a child, before exec: from here on this is the name server."""
        libc = self._libc
        if (libc.unshare(CLONE_NEWNS) or libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None) or
                libc.mount(str(self._conf).encode(), b"/etc/resolv.conf", None, MS_BIND, None)):
            raise OSError(ctypes.get_errno(), "no mount namespace")

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
        if self.odd and kind == SRV:
            return self.odd(question[:end])
        if kind == SRV:
            data = [struct.pack(">HHH", *record[:3]) + encoded(record[3]) for record in self.srv.get(name, [])]
        else:
            data = [socket.inet_aton(self.a[name])] if kind == A and name in self.a else []
        known = name in self.a or name in self.srv
        status = self.status if self.status is not None else 0 if known else 3
        answers = b"".join(b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 60, len(one)) + one for one in data)
        return (question[:2] + struct.pack(">HHHHH", 0x8580 | status, 1, len(data), 0, 0) + question[12:end] + answers)
