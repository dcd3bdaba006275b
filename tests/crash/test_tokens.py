"""A renewal of a token, killed before each system call and with each one failing: there is always a refresh token that
works, and the next flush goes on by itself."""

import os
import re
import signal
import subprocess
from contextlib import ExitStack

import pytest
from certs import Certs
from fixtures import LONG
from home import Home
from issuer import Issuer
from oauth_place import Place
from token_relay import TokenRelay

HANGS = 30
CALL = re.compile(r"^(\w+)\((.*)", re.M)
DULL = {"rt_sigaction", "rt_sigprocmask", "mmap", "mprotect", "munmap", "brk", "futex", "madvise", "clock_gettime"}
CHANGING = {"openat", "mkdirat", "fallocate", "write", "ftruncate", "fsync", "renameat", "unlinkat", "close", "fcntl"}
# what the disk may refuse
FAILING = {"openat": "EMFILE", "mkdirat": "ENOSPC", "fallocate": "ENOSPC", "write": "ENOSPC", "ftruncate": "EIO",
           "fsync": "EIO", "renameat": "EIO", "unlinkat": "EIO", "fcntl": "ENOLCK", "read": "EIO", "newfstatat": "EIO",
           "connect": "ENETUNREACH", "socket": "EMFILE"}


class TokenPlace(Place):
    def __init__(self, folder, build, stack):
        certs = Certs(folder / "certs")
        issuer = stack.enter_context(Issuer(certs))
        relay = stack.enter_context(TokenRelay(certs, issuer))
        super().__init__(Home(folder / "home", build), relay, issuer)
        self.log = folder / "strace.log"
        self.queue()

    def prepare(self):
        """A message waits, and the access token has ended."""
        for old in self.file.parent.glob("*"):
            old.unlink()
        self.keep()
        if not self.home.entries:
            self.queue()

    def flush(self, *inject):
        command = ["strace", "-o", str(self.log), *inject, str(self.home.build / "pillarbox-deliver"), "--config",
                   str(self.home.config), "--force", "--flush"]
        process = subprocess.Popen(command, env=self.home.traced, cwd=self.home.folder, start_new_session=True,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            said, _ = process.communicate(timeout=HANGS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise AssertionError(f"not done in {HANGS} s") from None
        self.home.outputs.append(said)
        return process.returncode, said.decode("utf-8", "replace")

    def judge(self):
        """There is a refresh token that works, and the next one who comes has it renewed and sends."""
        kept = self.kept
        tokens = [kept.get("refresh_token"), kept.get("refresh_token_before")]
        assert any(self.issuer.works(token) for token in tokens if token), "no refresh token works"
        assert "given_up" not in kept
        self.home.wait_quiet()
        code, said = self.flush()
        assert code == 0 and not self.home.entries, said
        assert not list(self.file.parent.glob("*:new")), "something half written is left"
        assert self.leaks() == [], "a secret was shown"


@pytest.fixture
def token_places(tmp_path, build):
    with ExitStack() as stack:
        yield [TokenPlace(tmp_path / f"place{number}", build, stack) for number in range(3)]


def calls(place):
    """(name, number, arguments) from where tokens/ is touched first until it is left."""
    counts, found = {}, []
    for name, rest in CALL.findall(place.log.read_text(errors="replace")):
        counts[name] = counts.get(name, 0) + 1
        found.append((name, counts[name], rest))
    touched = [at for at, call in enumerate(found) if '"tokens"' in call[2] or '"work' in call[2]]
    # and what follows until the token is used
    return [call for call in found[touched[0]:touched[-1] + 60] if call[0] not in DULL]


def whole_run(place):
    place.prepare()
    code, said = place.flush()
    assert code == 0, said
    return calls(place)


def test_killed(token_places, sweep):
    killing = sweep(token_places)
    points = [(name, number) for name, number, _ in whole_run(token_places[0])]
    assert len(points) > 100 and ("renameat", 1) in points, points
    points = [point for at, point in enumerate(points) if LONG or point[0] in CHANGING or at % 5 == 0]

    def judge(place, point):
        place.prepare()
        place.flush("-e", f"inject={point[0]}:signal=KILL:when={point[1]}")
        place.judge()

    killing.go(points, judge)


def test_failing(token_places, sweep):
    failing = sweep(token_places)
    points = [(name, number) for name, number, rest in whole_run(token_places[0])
              if name in FAILING and (name != "fcntl" or "F_OFD_SETLK" in rest)]
    assert len(points) > 20, points
    points = points if LONG else points[::2]

    def judge(place, point):
        place.prepare()
        place.flush("-e", f"inject={point[0]}:error={FAILING[point[0]]}:when={point[1]}")
        place.judge()

    failing.go(points, judge)


def test_on_disk_before_it_is_used(token_places):
    """Room first, then the request, then file, name and folder, and only then the relay."""
    place = token_places[0]
    made = whole_run(place)
    text = [f"{name}({rest}" for name, _, rest in made]

    def first(pattern, since=0):
        return next(at for at, line in enumerate(text) if at >= since and re.search(pattern, line))

    new = first(r'openat\(\d+, "work:new", .*O_CREAT')
    room = first(r"fallocate\(", new)
    asked = first(rf"connect\(.*{place.issuer.port}", room)
    synced = first(r"fsync\(", asked)
    renamed = first(r'renameat\(\d+, "work:new", \d+, "work"\)', synced)
    folder = first(r"fsync\(", renamed)
    used = first(rf"connect\(.*{place.relay.port}", folder)
    assert new < room < asked < synced < renamed < folder < used
