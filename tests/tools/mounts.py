"""Mounts that nobody else sees."""

import ctypes
import os

CLONE_NEWNS, MS_BIND, MS_REC, MS_PRIVATE = 0x20000, 0x1000, 0x4000, 0x40000
libc = ctypes.CDLL(None, use_errno=True)    # loaded here: it is called behind a fork, too


def check(result):
    if result:
        raise OSError(ctypes.get_errno(), f"no mount namespace: {os.strerror(ctypes.get_errno())}")


def private_mounts():
    """From now on what this thread and those it starts mount is theirs alone: a namespace that begins elsewhere
    meanwhile gets no copy of it."""
    check(libc.unshare(CLONE_NEWNS))
    check(libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None))


def cover(path, other):
    """There, path is another file."""
    check(libc.mount(str(other).encode(), str(path).encode(), None, MS_BIND, None))
