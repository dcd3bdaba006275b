"""Is a secret to be read where it should not be? Asked after each test, of all that the test has made and heard.

    spill.tell(password)            a secret of this test; PASSWORD and its like are known in any case
    spill.tell(token, kept=True)    one that the cache of tokens is there for
    spill.hear(place, bytes)        what came by another way than communicate(), over a socket, say

The fixture `nothing_spilt` (fixtures.py) begins with begin() and ends with found(): [(place, form of the secret), ...].
Looked at are what programs said, each file and each name below the test's folder, and the queue of a system-wide
install; but for a file that the test itself had written a secret to, outside of a queue. In the cache of tokens stands
what belongs there, and it is nobody else's to read.
"""

import base64
import os
import subprocess
import sys
from urllib.parse import quote

# What the tests have for secrets, so that one knows one when one sees it.
PASSWORD, OTHER_PASSWORD, PASS_PHRASE, PIN = "open sesame", "sesame, close", "a pass phrase", "73519024"

# Of a long one the ends are looked for: who cuts it still shows it.
LONG, END = 64, 32
# Shorter ones, such as "another", stand in any text.
SHORT = 8

OURS = {"pillarbox", "pillarbox-queue", "pillarbox-deliver", "sendmail", "mailq", "newaliases"}
CHUNK = 16 << 20


def coded(secret, altchars=None):
    """The base64 of a text that has `secret` somewhere: what of it is the same whatever stands around it."""
    for before in range(3):
        code = base64.b64encode(bytes(before) + secret, altchars)
        yield code[-(-before * 8 // 6):(before + len(secret)) * 8 // 6]


def forms(secret):
    """{bytes: name} of all in which it is looked for. AUTH PLAIN, XOAUTH2 and Basic have one of base64 in them."""
    found = {}
    for part in {secret} if len(secret) <= LONG else {secret[:END], secret[-END:]}:
        raw = part.encode()
        found |= {raw.hex().encode(): "hex", raw.hex().upper().encode(): "HEX",
                  b"".join(b"%%%02X" % byte for byte in raw): "every byte as in a URL"}
        found |= dict.fromkeys(coded(raw, b"-_"), "base64url") | dict.fromkeys(coded(raw), "base64")
        found |= {quote(part, safe="").encode(): "URL"} | {raw: "raw"}
    return found


def present(wanted, content):
    """The names of those forms that are in `content`, also if it is folded."""
    joined = content.replace(b"\n", b"").replace(b"\r", b"") if b"\n" in content else content
    return sorted({name for form, name in wanted.items() if form in content or form in joined})


class Spill:
    def __init__(self):
        self.hooked = False
        self.begin()

    def begin(self):
        self.secrets, self.kept = {PASSWORD, OTHER_PASSWORD, PASS_PHRASE, PIN}, set()
        self.heard, self.streams = [], set()
        self.opened, self.theirs = set(), set()     # written by the test; and had a secret before a program ran
        self.queues = set()

    def tell(self, secret, kept=False):
        if len(secret) >= SHORT:
            (self.kept if kept else self.secrets).add(secret)

    def hear(self, place, content):
        self.heard.append((place, content))

    def hook(self, monkeypatch):
        """From here on it is noted which files Python itself writes, and what programs of ours say."""
        if not self.hooked:
            sys.addaudithook(self._audit)
            self.hooked = True
        start, communicate = subprocess.Popen.__init__, subprocess.Popen.communicate

        def noted_start(process, *arguments, **options):
            self._settle()
            names = [getattr(options.get(name), "name", None) for name in ("stdout", "stderr")]
            self.streams |= {os.path.abspath(name) for name in names if isinstance(name, (str, os.PathLike))}
            start(process, *arguments, **options)

        def noted_communicate(process, *arguments, **options):
            said = communicate(process, *arguments, **options)
            words = process.args if isinstance(process.args, (list, tuple)) else [process.args]
            if OURS & {os.path.basename(os.fsdecode(word)) for word in words}:
                self.heard += [("output", text.encode() if isinstance(text, str) else text) for text in said if text]
            return said

        monkeypatch.setattr(subprocess.Popen, "__init__", noted_start)
        monkeypatch.setattr(subprocess.Popen, "communicate", noted_communicate)

    def _audit(self, event, arguments):
        if event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR) and isinstance(arguments[0], (str, bytes)):
            self.opened.add(os.path.abspath(os.fsdecode(arguments[0])))
        elif event == "os.rename" and os.path.abspath(os.fsdecode(arguments[0])) in self.opened | self.theirs:
            self.opened.add(os.path.abspath(os.fsdecode(arguments[1])))

    def _wanted(self, secrets):
        return {form: name for secret in secrets for form, name in forms(secret).items()}

    def _settle(self):
        """What the test has put a secret into is not asked about."""
        wanted, opened = None, self.opened - self.theirs
        self.opened = set()
        for path in opened:
            wanted = wanted or self._wanted(self.secrets | self.kept)
            try:
                with open(path, "rb") as file:
                    if present(wanted, file.read(CHUNK)):
                        self.theirs.add(path)
            except OSError:
                pass

    def _files(self, folder):
        for top, folders, names in os.walk(folder):
            yield from (os.path.join(top, name) for name in (*folders, *names))

    def _look(self, folder, path, wanted, others):
        """A file, and its name below the folder."""
        yield path, present(wanted, os.fsencode(path.removeprefix(folder)))
        if os.path.islink(path) or not os.path.isfile(path):
            return
        in_queue = any(path.startswith(f"{queue}/") for queue in self.queues)
        if path in self.theirs - self.streams and not in_queue:
            return
        if os.stat(path).st_blocks == 0 and os.path.getsize(path) > CHUNK:      # a hole
            return
        cache = in_queue and path.endswith("/tokens/" + os.path.basename(path))
        with open(path, "rb") as file:
            while content := file.read(CHUNK):
                yield path, present(others if cache else wanted, content)
        if cache and path not in self.theirs and os.stat(path).st_mode & 0o777 != 0o600:
            yield path, ["others may read it"]

    def found(self, *folders):
        self._settle()
        others = self._wanted(self.secrets)
        wanted = others | self._wanted(self.kept)
        found = [(place, present(wanted, content)) for place, content in self.heard]
        for folder in {*map(str, folders), *self.queues}:
            for path in self._files(folder):
                try:
                    found += self._look(folder, path, wanted, others)
                except FileNotFoundError:
                    pass
        return [(place, name) for place, names in found for name in names]


spill = Spill()
