"""Debian packages, fetched with apt-get and unpacked into a cache folder, never installed.

The cache is PILLARBOX_TEST_CACHE, by default /var/cache/pillarbox-tests; it may be removed at any time.
"""

import os
import subprocess
import tempfile
from pathlib import Path

CACHE = Path(os.environ.get("PILLARBOX_TEST_CACHE", "/var/cache/pillarbox-tests"))


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=300, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


def unpack(packages):
    """The folder into which these packages are unpacked, named for the first; made when it is not there yet."""
    ready = CACHE / packages[0]
    if not ready.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as folder:
            root = Path(folder, "root")
            root.mkdir(mode=0o755)
            try:
                run("apt-get", "download", *packages, cwd=folder)
            except RuntimeError:    # no package lists yet, or old ones
                run("apt-get", "update")
                run("apt-get", "download", *packages, cwd=folder)
            for package in Path(folder).glob("*.deb"):
                run("dpkg", "-x", package, root)
            root.chmod(0o755)
            root.rename(ready)
    return ready
