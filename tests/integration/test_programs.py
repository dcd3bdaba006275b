"""What each program is made of: only the one that opens the network loads what the network needs."""

import re
import subprocess

import pytest

NETWORK = {"libcurl", "libcurl-gnutls", "libgnutls", "libssl", "libnghttp2"}


def libraries(program):
    """The names of all shared libraries a program loads, as far as the first dot."""
    listed = subprocess.run(["ldd", program], capture_output=True, text=True, check=True, timeout=10).stdout
    return set(re.findall(r"^\s*(\S+?)\.so", listed, re.M))


@pytest.mark.parametrize("program", ["pillarbox", "pillarbox-queue"])
def test_front_and_store_do_not_load_the_network(build, program):
    loaded = libraries(build / program)
    assert "libc" in loaded, "not a dynamically linked program"
    assert loaded & NETWORK == set()


def test_the_store_loads_next_to_nothing(build):
    assert libraries(build / "pillarbox-queue") & {"libconfuse", "libjansson"} == set()


def test_delivery_is_the_one_that_does(build):
    assert {"libcurl-gnutls", "libgnutls"} <= libraries(build / "pillarbox-deliver")


@pytest.mark.parametrize("program", ["pillarbox", "pillarbox-queue", "pillarbox-deliver"])
def test_an_unknown_option_is_a_mistake(home, program):
    result = home.run("--frobnicate", name=program)
    assert result.code == 64 and result.err
    assert home.entries == []
