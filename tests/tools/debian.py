"""Debian packages, fetched with apt-get and unpacked into a cache folder, never installed.

The cache is PILLARBOX_TEST_CACHE, by default /var/cache/pillarbox-tests; it may be removed at any time.
"""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

CACHE = Path(os.environ.get("PILLARBOX_TEST_CACHE", "/var/cache/pillarbox-tests"))


class CannotRun(RuntimeError):
    """This host does not let a server run; the text says why."""


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=300, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def merge_usr(root):
    """What some packages still have in /lib is put where Debian's installed systems have it, below /usr."""
    for name in ("bin", "sbin", "lib", "lib64"):
        if (root / name).is_dir() and not (root / name).is_symlink():
            shutil.copytree(root / name, root / "usr" / name, symlinks=True, dirs_exist_ok=True)
            shutil.rmtree(root / name)


def download(packages, folder):
    try:
        run("apt-get", "download", *packages, cwd=folder)
    except RuntimeError:    # no package lists yet, or old ones
        run("apt-get", "update")
        run("apt-get", "download", *packages, cwd=folder)


def download_backports(packages, folder):
    """The same from the backports of this release, by lists that nobody else sees."""
    release = re.search(r"(?m)^VERSION_CODENAME=(\w+)", Path("/etc/os-release").read_text())[1]
    targets = run("apt-get", "indextargets", "--format", "$(RELEASE) $(REPO_URI)", "Created-By: Packages")
    mirrors = re.findall(rf"(?m)^(?:{release}|stable|oldstable) (\S+)", targets) or ["http://deb.debian.org/debian"]
    lists = Path(folder, "lists")
    (lists / "partial").mkdir(parents=True)
    (Path(folder) / "sources").write_text(f"deb {mirrors[0]} {release}-backports main\n")
    options = [f"Dir::Etc::SourceList={folder}/sources", "Dir::Etc::SourceParts=-", f"Dir::State::Lists={lists}",
               f"Dir::Cache={folder}", "APT::Sandbox::User=root"]
    options = [word for option in options for word in ("-o", option)]
    run("apt-get", *options, "update", "--error-on=any")
    run("apt-get", *options, "download", *packages, cwd=folder)


def unpack(packages, backports=()):
    """The folder into which these packages are unpacked, named for the first; made when it is not there yet."""
    ready = CACHE / (f"{backports[0]}-backports" if backports else packages[0])
    if not ready.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as folder:
            root = Path(folder, "root")
            root.mkdir(mode=0o755)
            try:
                if packages:
                    download(packages, folder)
                if backports:
                    download_backports(backports, folder)
            except RuntimeError as reason:
                raise CannotRun(f"cannot have its packages: {str(reason).strip().splitlines()[-1]}") from None
            for package in Path(folder).glob("*.deb"):
                run("dpkg", "-x", package, root)
            merge_usr(root)
            root.chmod(0o755)
            try:
                root.rename(ready)
            except OSError:     # somebody was faster
                if not ready.exists():
                    raise
    return ready
