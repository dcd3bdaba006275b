"""The two ways to see what becomes of a message: the program, and the same in one process for many."""

import re
import subprocess
from dataclasses import dataclass

CONFIG = 'hostname = "host.example.org"\ndomain = "example.org"\nmax-size = "64M"\nrelay "r" { host = "h" }\n'


@dataclass
class Mended:
    code: int
    out: bytes
    err: str
    eight_bit: bool = False
    utf8: bool = False


class Mender:
    """tests/corpus/mend, which is started again when it crashed."""

    def __init__(self, build):
        self.program, self.process = build / "tests/corpus/mend", None

    def __call__(self, message):
        if self.process is None:
            self.process = subprocess.Popen([self.program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        to, answers = self.process.stdin, self.process.stdout
        to.write(b"%d\n" % len(message) + message)
        to.flush()
        words = answers.readline().split()
        if len(words) != 5:
            code, self.process = self.process.wait(), None
            return Mended(code, b"", f"mend ended with {code}\n")
        code, eight_bit, utf8, length, err_length = map(int, words)
        out = answers.read(length)
        err = answers.read(err_length).decode("utf-8", "replace")
        return Mended(code, out, f"pillarbox: {err}\n" if code else "", bool(eight_bit), bool(utf8))

    def close(self):
        if self.process is not None:
            self.process.stdin.close()
            self.process.stdout.close()
            self.process.wait()


def dry_run(build, home, message):
    config = home / "pillarbox.conf"
    config.write_text(CONFIG)
    config.chmod(0o600)
    done = subprocess.run([build / "pillarbox", "-C", config, "--dry-run", "-F", "Alice", "-f", "a@b.example", "x@y.example"],
                          input=message, capture_output=True, env={"HOME": str(home), "PILLARBOX_LIBEXEC": str(build)})
    head, _, out = done.stdout.partition(b"\n\n")
    mail = head.split(b"\n")[0]
    return Mended(done.returncode, out, done.stderr.decode("utf-8", "replace"), b" BODY=8BITMIME" in mail, b" SMTPUTF8" in mail)


def without_chance(out):
    """What is new in each run: the time, and the ids that we made."""
    head, end, body = out.partition(b"\r\n\r\n")
    head = re.sub(rb"(?m)^((?:Resent-)?Date): .*$", rb"\1: *\r", head)
    return re.sub(rb"<[^<>@]*@host\.example\.org>", b"<*>", head) + end + body
