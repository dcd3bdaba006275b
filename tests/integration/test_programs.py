"""What each program is made of: only the one that opens the network loads what the network needs."""

import re
import subprocess

import pytest
from home import at
from mail import whole
from system import status

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


@pytest.mark.parametrize("secret", ["password", "password_command"])
def test_delivery_gives_up_system_calls_if_configured_so(home, relay, build, secret):
    before = status("self")
    if "Seccomp_filters" not in before:
        pytest.skip("this kernel has no seccomp, or does not tell")
    server = relay(stall="MAIL")
    home.configure(work=at(server, timeout="60s", **(
        {"password": None, "password_command": ["/bin/echo", "open sesame"]} if secret == "password_command" else {})))
    assert home.run("bob@example.net", input=whole()).code == 0
    assert server.wait_stage("MAIL")
    filters = int(status(home.wait_process("pillarbox-deliver"))["Seccomp_filters"][0])
    configured = "libseccomp" in libraries(build / "pillarbox-deliver")
    assert filters - int(before["Seccomp_filters"][0]) == (configured and secret == "password")
    server.stall = None
    assert len(server.wait_messages(1)) == 1 and home.wait_empty()


@pytest.mark.parametrize("program", ["pillarbox", "pillarbox-queue", "pillarbox-deliver"])
def test_an_unknown_option_is_a_mistake(home, program):
    result = home.run("--frobnicate", name=program)
    assert result.code == 64 and result.err
    assert home.entries == []
