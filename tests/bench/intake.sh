#!/bin/sh
# SPDX-License-Identifier: ISC
# usage: tests/bench/intake.sh BUILD [RUNS]
# How fast the front takes a body of 50 MB: plain, and one that must be encoded
# (as quoted-printable, as base64), beside cat on the same machine at the same
# time; msmtp's pass too, if it is installed, as it reads, converts and sends to
# a server on loopback that throws all away. CPU seconds and MB/s of them, best
# of RUNS (5); the CPU time of what reads the output is not in it.
set -eu
[ $# -ge 1 ] || {
	sed -n 's/^# usage/usage/p' "$0" >&2
	exit 64
}
build=$(cd "$1" && pwd)
runs=${2:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PILLARBOX_LIBEXEC="$build"
cat >"$work/conf" <<END
max-size = "500M"
relay "r" { host = "localhost" tls = none }
END

/usr/bin/python3 - "$work" <<'END'
import random, sys
random.seed(1)
work, size = sys.argv[1], 50_000_000
header = b"From: a@example.org\nTo: b@example.org\nSubject: x\n\n"
lines = [bytes(random.choices(b"abcdefghij klmnop qrstuvwxyz.", k=random.randint(20, 90))) + b"\n" for _ in range(5000)]
text = b"".join(lines)
text = (text * (size // len(text) + 1))[:size]
open(f"{work}/plain", "wb").write(header + text)
long = text.replace(b"\n", b" ", 200)               # one line over 998
open(f"{work}/quoted", "wb").write(header + long.replace(b"q", b"\xc3\xa4"[:1], 1000))
open(f"{work}/base64", "wb").write(header + random.randbytes(size))
END

exec /usr/bin/python3 - "$work" "$build" "$runs" <<'END'
import os, resource, shutil, socket, subprocess, sys, threading
work, build, runs = sys.argv[1], sys.argv[2], int(sys.argv[3])


def cpu(argv, path):
    """CPU seconds of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(path, "rb") as stdin:
        subprocess.run(argv, stdin=stdin, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def discard(server):
    while True:
        peer, _ = server.accept()
        peer.sendall(b"220 x\r\n")
        data, body = b"", False
        while True:
            piece = peer.recv(1 << 20)
            if not piece:
                break
            data = data[-4:] + piece
            if body:
                if not data.endswith(b"\r\n.\r\n"):
                    continue
                body = False
                peer.sendall(b"250 x\r\n")
                continue
            verb = piece[:4].upper()
            body = verb == b"DATA"
            peer.sendall(b"354 x\r\n" if body else b"221 x\r\n" if verb == b"QUIT" else b"250 x\r\n")


def show(name, argv, path):
    seconds = min(cpu(argv, path) for _ in range(runs))
    print(f"{name:28} {seconds:7.3f} s CPU {os.path.getsize(path) / 1e6 / max(seconds, 1e-3):8.0f} MB/s", flush=True)


front = [f"{build}/pillarbox", "--config", f"{work}/conf", "--dry-run", "b@example.org"]
show("cat", ["cat"], f"{work}/plain")
for kind in "plain", "quoted", "base64":
    show(f"pillarbox, {kind}", front, f"{work}/{kind}")
if shutil.which("msmtp"):
    server = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=discard, args=(server,), daemon=True).start()
    show("msmtp, plain", ["msmtp", "--host=127.0.0.1", f"--port={server.getsockname()[1]}", "--tls=off", "--auth=off",
                          "--from=a@example.org", "b@example.org"], f"{work}/plain")
else:
    print("msmtp: not installed, not measured")
END
