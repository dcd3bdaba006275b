"""Waiting for the processes of a place, and ending them."""

import os
import signal
import time
from contextlib import suppress


class Processes:
    """For a class whose processes() are {pid: name}."""

    def wait_process(self, name, timeout=5):
        """The pid of one of that name, as soon as there is one."""
        give_up = time.monotonic() + timeout
        while time.monotonic() < give_up:
            for pid, program in self.processes().items():
                if program.endswith(name):
                    return pid
            time.sleep(0.001)
        raise AssertionError(f"{name} did not run")

    def wait_quiet(self, timeout=10):
        """Whether all of them end by themselves."""
        give_up = time.monotonic() + timeout
        while self.processes() and time.monotonic() < give_up:
            time.sleep(0.02)
        return not self.processes()

    def end_processes(self):
        for pid in self.processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
