"""A Debian 12 in a folder, with the packages that a test asks for, made once and kept.

    root = debian_root(folder, ["cron", "mutt"])    # takes minutes the first time, and no time when nothing is new

Nothing that delivers mail is in it: what depends on a mail-transport-agent is content with an empty package.
"""

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

SUITE, MIRROR = "bookworm", "http://deb.debian.org/debian"
SECURITY = "http://deb.debian.org/debian-security"
STAMP = "packages"
CONTROL = """Package: no-mail-transport-agent
Version: 1
Architecture: all
Maintainer: nobody <nobody@example.org>
Provides: mail-transport-agent
Description: nothing, in place of a mail transport agent
"""
APT = ("-o", "Dpkg::Options::=--force-confdef", "-o", "APT::Sandbox::User=root", "-o", "APT::Install-Recommends=no",
       "-o", "Dpkg::Use-Pty=0", "-q", "-y")
ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8",
               "DEBIAN_FRONTEND": "noninteractive", "HOME": "/root"}


class NotMade(Exception):
    """Why there is none."""


def why_not():
    """Why none can be made or used here; None when one can."""
    if os.geteuid() != 0:
        return "a Debian of its own is made, and entered, by root only"
    if subprocess.run(["unshare", "-m", "-p", "-n", "-u", "-f", "true"], capture_output=True).returncode != 0:
        return "no namespaces here: that needs CAP_SYS_ADMIN"
    if shutil.which("debootstrap") is None:
        return "debootstrap is missing: apt-get install debootstrap"
    release = Path("/etc/os-release").read_text() if Path("/etc/os-release").exists() else ""
    if f"VERSION_CODENAME={SUITE}" not in release:
        return f"what is built here runs in a Debian {SUITE} on a Debian {SUITE} only"
    return None


def debian_root(folder, packages):
    """The folder, with all of the packages."""
    root = folder / "root"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp, wanted = folder / STAMP, "".join(f"{name}\n" for name in sorted(set(packages)))
        if not stamp.exists() or stamp.read_text() != wanted:
            if not (folder / "base").exists():
                make_base(folder, root)
            stamp.unlink(missing_ok=True)
            install(folder, root, wanted.split())
            stamp.write_text(wanted)
    return root


def make_base(folder, root):
    shutil.rmtree(root, ignore_errors=True)
    run(folder, "debootstrap", "--variant=minbase", SUITE, str(root), MIRROR)
    (root / "etc/apt/sources.list").write_text(
        f"deb {MIRROR} {SUITE} main\ndeb {MIRROR} {SUITE}-updates main\ndeb {SECURITY} {SUITE}-security main\n")
    policy = root / "usr/sbin/policy-rc.d"      # no daemon is started by its installation
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    with tempfile.TemporaryDirectory() as place:
        package = Path(place) / "package"
        (package / "DEBIAN").mkdir(parents=True)
        (package / "DEBIAN/control").write_text(CONTROL)
        package.chmod(0o755)
        run(folder, "dpkg-deb", "--root-owner-group", "-b", str(package), str(root / "root/empty.deb"))
    inside(folder, root, "dpkg", "-i", "/root/empty.deb")
    (folder / "base").touch()


def install(folder, root, packages):
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
    inside(folder, root, "apt-get", *APT, "update")
    inside(folder, root, "apt-get", *APT, "install", *packages)
    inside(folder, root, "apt-get", "clean")


def inside(folder, root, *command):
    """With mounts and processes that end with the command."""
    run(folder, "unshare", "-m", "-p", "-f", "sh", "-euc",
        'root=$0; mount -t proc proc "$root/proc"; mount --rbind /dev "$root/dev"; exec chroot "$root" "$@"',
        str(root), *command)


def run(folder, *command):
    """What it says goes into make.log."""
    with (folder / "make.log").open("ab") as log:
        log.write(f"+ {' '.join(command)}\n".encode())
        log.flush()
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=ENVIRONMENT)
    if done.returncode != 0:
        end = (folder / "make.log").read_text(errors="replace").splitlines()[-12:]
        raise NotMade("\n".join([f"{command[0]} failed, see {folder}/make.log:", *end]))
