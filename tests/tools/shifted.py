"""A clock that is off, for our programs alone: TLS asks time(3), and is in time."""

import subprocess

import pytest

CLOCK = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

int
clock_gettime(clockid_t clock, struct timespec *ts)
{
	int (*real)(clockid_t, struct timespec *) =
	    (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
	int rc = real(clock, ts);

	if (rc == 0 && clock == CLOCK_REALTIME)
		ts->tv_sec += atol(getenv("CLOCK_SHIFT"));
	return rc;
}
"""


@pytest.fixture
def shifted(tmp_path, build):
    """shifted(seconds): options of home.run() for which the clock is off by so much."""
    if b"libasan" in subprocess.run(["ldd", build / "pillarbox"], capture_output=True).stdout:
        pytest.skip("the sanitizer does not let itself be preloaded")
    source, library = tmp_path / "clock.c", tmp_path / "clock.so"
    source.write_text(CLOCK)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return lambda seconds: {"LD_PRELOAD": str(library), "CLOCK_SHIFT": str(seconds)}
