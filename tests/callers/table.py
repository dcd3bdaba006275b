"""All callers."""

from libraries import LIBRARIES
from mailers import MAILERS
from system_callers import SYSTEM_CALLERS

CALLERS = [*SYSTEM_CALLERS, *MAILERS, *LIBRARIES]

# What pillarbox is linked with, and what the tests use.
NEEDED = """ca-certificates libconfuse2 libcurl3-gnutls libgnutls30 libgsasl18 libidn2-0 libjansson4 libnettle8 libunistring2
    zlib1g monitoring-plugins-standard passwd util-linux"""
PACKAGES = sorted({package for caller in CALLERS for package in caller.packages.split()} | set(NEEDED.split()))
