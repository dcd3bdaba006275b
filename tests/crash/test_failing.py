"""Each system call made to fail in each way that it can: either it is done all the same, or the caller hears of it
and nothing is left; and what only has to be made again is made again."""

import os

import pytest
from acts import ACTS, BY_NAME
from tracer import calls, points, run
from test_killed import whole_run

LONG = bool(os.environ.get("PILLARBOX_LONG"))
FILES = ["ENOSPC", "EIO", "EDQUOT"]
SOCKET = ["ECONNRESET", "ENOBUFS", "EAGAIN", "EINTR"]
FAILURES = {
    "open": ["EMFILE", "ENOMEM", "EIO", "EINTR"], "openat": ["EMFILE", *FILES, "ENOMEM", "ENFILE", "EINTR", "EROFS"],
    "read": ["EIO", "EINTR"], "pread64": ["EIO", "EINTR"], "getdents64": ["EIO"],
    "write": [*FILES, "EFBIG", "EINTR", "EPIPE"], "writev": [*FILES, "EINTR"],
    "pwrite64": [*FILES, "EFBIG", "EINTR"],
    "fdatasync": FILES, "fsync": FILES, "ftruncate": ["EIO", "EINTR", "EFBIG"],
    "renameat2": [*FILES, "ENOMEM", "EINVAL", "ENOSYS", "EEXIST"], "renameat": [*FILES, "ENOMEM"],
    "mkdirat": [*FILES, "EROFS"], "mkdir": ["EROFS", "ENOSPC"],
    "unlinkat": ["EIO", "EROFS"], "utimensat": ["EIO", "EROFS"],
    "fcntl": ["ENOLCK", "EAGAIN", "EINTR"], "fstatfs": ["EIO", "EINTR"], "newfstatat": ["EIO", "ENOMEM"],
    "lseek": ["EINVAL"], "mmap": ["ENOMEM"], "brk": ["ENOMEM"],
    "pipe2": ["EMFILE", "ENFILE"], "vfork": ["EAGAIN", "ENOMEM"], "clone": ["EAGAIN", "ENOMEM"],
    "clone3": ["EAGAIN", "ENOMEM"], "wait4": ["EINTR"], "waitid": ["EINTR"],
    "socket": ["EMFILE", "ENOBUFS"], "connect": ["ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH", "EINTR"],
    "sendto": SOCKET, "recvfrom": SOCKET, "poll": ["EINTR", "ENOMEM"], "getrandom": ["EAGAIN", "EINTR"],
    "setresuid": ["EAGAIN"], "setresgid": ["EPERM"],
}
# What our own code makes again, on these descriptors (None: any).
AGAIN = [("store", "read", "EINTR", "0"), ("store", "write", "EINTR", None), ("submission", "write", "EINTR", None),
         ("submission", "read", "EINTR", "0"), ("submission", "wait4", "EINTR", None),
         ("delivery to one", "poll", "EINTR", None), ("delivery to one", "recvfrom", "EAGAIN", None),
         ("delivery to one", "recvfrom", "EINTR", None), ("delivery to one", "sendto", "EINTR", None),
         ("delivery to one", "sendto", "EAGAIN", None), ("delivery to three", "pwrite64", "EINTR", None)]


def failures(act, place):
    """(name, number, error) of all that can fail; each call in one way, in all of them with PILLARBOX_LONG."""
    whole_run(act, place)
    found = []
    swept = set(points(place, every=LONG))
    for name, n, _, rest, _ in calls(place):
        # Locks can fail; that a descriptor is made non-blocking cannot, and libcurl believes that.
        if (name, n) in swept and (name != "fcntl" or "F_OFD" in rest):
            found += [(name, n, error) for error in FAILURES.get(name, [])[:None if LONG else 1]]
    return found


def judge_failed(act, place, point):
    name, n, error = point
    act.prepare(place)
    code, _ = run(act, place, f"{name}:error={error}:when={n}")
    if act.submits:
        assert place.home.wait_quiet()      # a store may go on without its front
    # A file that cannot be removed while the disk fails may be sent again; so may what cannot be read back.
    place.sent.may_repeat = not act.submits and name in ("unlinkat", "fsync", "utimensat", "pwrite64", "ftruncate")
    act.told(place, code)
    place.oracle.judge(place.sent)
    act.conclude(place)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_failing(act, sweep):
    failing = sweep()
    failing.go(failures(act, failing.places[0]), lambda place, point: judge_failed(act, place, point))


@pytest.mark.parametrize("name,call,error,descriptor", AGAIN, ids=lambda value: str(value))
def test_what_is_made_again(name, call, error, descriptor, place):
    act = BY_NAME[name]
    whole_run(act, place)
    found = [n for what, n, first, _, begun in calls(place)
             if what == call and begun and descriptor in (None, first)]
    assert found, f"{name} does not call {call}: strike it from the list"
    for n in found:
        act.prepare(place)
        code, said = run(act, place, f"{call}:error={error}:when={n}")
        assert act.is_done(place, code), f"{call} {n}: {said}"
        act.told(place, code)
        place.oracle.judge(place.sent)
        if act.after:
            act.after(place)
