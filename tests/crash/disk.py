"""A file system of its own in an image, whose power can be cut: root, and a kernel with loop devices, only."""

import fcntl
import os
import shutil
import struct
import subprocess
import time
from pathlib import Path

SHUTDOWN = 0x8004587D           # EXT4_IOC_SHUTDOWN, XFS_IOC_GOINGDOWN: _IOR('X', 125, __u32)
LOG_WRITTEN, LOG_LOST = 1, 2    # what the journal holds in memory reaches the disk first, or never does
KINDS = {
    "ext4": ("mkfs.ext4 -q -F -b 1024", "loop", 40),
    "ext4-writeback": ("mkfs.ext4 -q -F -b 1024", "loop,data=writeback", 40),
    "xfs": ("mkfs.xfs -q -f", "loop", 320),
}


class Unusable(Exception):
    """Why there is no such thing here."""


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise Unusable(f"{' '.join(map(str, command))}: {done.stderr.strip()}")


class Disk:
    def __init__(self, folder, kind, options="", megabytes=None):
        make, self.options, size = KINDS[kind]
        if os.geteuid() != 0:
            raise Unusable("mounting needs root")
        self.image, self.mount_point = folder / f"{kind}.img", folder / f"{kind}.mnt"
        if shutil.which(make.split()[0]) is None:
            raise Unusable(f"{make.split()[0]} is not installed")
        self.mount_point.mkdir()
        with self.image.open("wb") as image:
            image.truncate((megabytes or size) << 20)
        run(*make.split(), *options.split(), self.image)
        self.mount()

    def mount(self):
        run("mount", "-o", self.options, self.image, self.mount_point)

    def unmount(self):
        for _ in range(100):
            done = subprocess.run(["umount", self.mount_point], capture_output=True)
            if done.returncode == 0 or str(self.mount_point) not in Path("/proc/mounts").read_text():
                return
            time.sleep(0.02)
        subprocess.run(["umount", "-l", self.mount_point], capture_output=True)

    def sync(self):
        run("sync", "-f", self.mount_point)

    def cut(self, log):
        """The power goes, and comes back."""
        fd = os.open(self.mount_point, os.O_RDONLY)
        try:
            fcntl.ioctl(fd, SHUTDOWN, struct.pack("I", log))
        finally:
            os.close(fd)
        self.unmount()
        self.mount()
