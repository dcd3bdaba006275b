#!/bin/sh
# SPDX-License-Identifier: ISC
# Tells the side-by-side benchmark how to run pillarbox; see README.md.
set -eu
program=${BENCH_BINARY:-/usr/local/sbin/pillarbox}
state=${BENCH_STATE:-/tmp/bench/pillarbox}
call="$program -C $state/pillarbox.conf"

# A program in its build folder finds its helpers by the environment only, and
# that cannot be set here without timing env(1) as well.
beside=$(dirname "$program")/pillarbox-queue
[ -n "${PILLARBOX_LIBEXEC:-}" ] || [ ! -e "$beside" ] || {
	echo "$program is not installed: export PILLARBOX_LIBEXEC=${beside%/*}"
	exit 1
}

# setup HOST PORT CAFILE VARIANT defer|send
setup() {
	mkdir -p "$state"
	umask 077
	cat > "$state/pillarbox.conf" <<EOF
hostname = "client.test"
queue {
    path    = "$state/queue"
    enabled = ${BENCH_QUEUE:-true}
}
relay "sink" {
    host        = "$1"
    port        = $2
    tls         = implicit
    tls-ca-file = "$3"
    user        = "bench"
    password    = "secret"
}
EOF
}

case ${1:-} in
setup)
	shift
	setup "$@"
	;;
argv)
	case $2 in
	sync) echo "$call -odi -t" ;;
	enqueue) echo "$call -odq -t" ;;
	flush) echo "$call --flush" ;;
	mailq) echo "$call --list" ;;
	version) echo "$program --version" ;;
	*) exit 1 ;;
	esac
	;;
count) find "$state/queue/queue" -type f 2> /dev/null | wc -l ;;
purge) rm -rf "$state/queue" ;;
*) exit 1 ;;
esac
