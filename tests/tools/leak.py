"""A search for a password, in whatever form, in all that programs have said, started and written.

    watch = Watch(home, user="alice@example.com", password="Xq7-...")
    watch.run("-odi", "bob@example.net", input=b"...")
    assert watch.found() == []

run() is Home.run() under strace, which sees the arguments and the environment of every program that is started, by
whomever. found() searches these, what was said, and all files of the home, names too, but for those that hold the
password by right.
"""

import base64
import shutil
from urllib.parse import quote

from spill import OURS, coded, present

WRITES = ",write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg,sendmmsg"
STRACE = shutil.which("strace") or "/usr/bin/strace"


def forms(user, password):
    """{name: bytes} of all in which a password is looked for."""
    secret, plain = password.encode(), f"\0{user}\0{password}".encode()
    found = {"raw": secret, "reversed": secret[::-1], "hex": secret.hex().encode(), "HEX": secret.hex().upper().encode(),
             "URL": quote(password, safe="").encode(), "every byte as in a URL": b"".join(b"%%%02X" % c for c in secret),
             "AUTH PLAIN": base64.b64encode(plain), "AUTH PLAIN with an identity": base64.b64encode(user.encode() + plain),
             "Basic": base64.b64encode(plain[1:].replace(b"\0", b":"))}
    found |= {f"base64, {n} bytes behind": code for n, code in enumerate(coded(secret))}
    found |= {f"base64url, {n} bytes behind": code for n, code in enumerate(coded(secret, b"-_"))}
    return found


class Watch:
    def __init__(self, home, user, password):
        self.home, self.wanted = home, {form: name for name, form in forms(user, password).items()}
        self.traces = home.folder.parent / f"{home.folder.name}-traces"
        self.traces.mkdir(exist_ok=True)
        self.allowed = set()        # files that hold it by right
        self.said = []              # (where, bytes): what came over a socket, say
        self.by_right, self.writes = [], 0      # what strace says of descriptors that may be told; writes that were seen

    def look_for(self, secret):
        self.wanted |= {form: name for name, form in forms("alice@example.com", secret).items()}

    def run(self, *arguments, name="pillarbox", writes=False, **options):
        """`writes`: what programs of ours write is looked at, too, but for what goes to a place of `by_right`."""
        trace = self.traces / f"{len(list(self.traces.iterdir()))}"
        result = self.home.run("-f", "-q", "-v", "-yy", "-s", "65535", "-e", f"trace=execve{WRITES if writes else ''}", "-e",
                               "signal=none", "-o", trace, self.home.program(name), *arguments, name=STRACE, timeout=60,
                               **{"env": self.home.traced, **options})
        if writes:
            trace.write_bytes(b"\n".join(self._suspect(trace.read_bytes().splitlines())))
        return result

    def _suspect(self, lines):
        programs = {}       # of each process; a copy of one of ours is ours
        for line in lines:
            pid, _, call = line.partition(b" ")
            call = call.lstrip()
            if call.startswith(b"execve("):
                programs[pid] = call.split(b'"')[1].rpartition(b"/")[2].decode()
                yield line
            elif programs.get(pid, "pillarbox") in OURS:
                self.writes += 1
                if not any(mark in call.split(b'"')[0] for mark in self.by_right):
                    yield line

    def places(self):
        yield from (("output", said) for said in self.home.outputs)
        yield from self.said
        for folder in (self.traces, self.home.folder):
            for path in folder.rglob("*"):
                yield f"name of {path}", str(path).encode()
                if path.is_file() and not path.is_symlink() and path not in self.allowed:
                    yield str(path), path.read_bytes()

    def found(self):
        """[(place, form), ...]"""
        return [(where, name) for where, content in self.places() for name in present(self.wanted, content)]
