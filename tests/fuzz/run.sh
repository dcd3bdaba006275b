#!/bin/sh
# SPDX-License-Identifier: ISC
# usage: tests/fuzz/run.sh TARGET SECONDS [LIBFUZZER-OPTION...]
# Builds a target (header, address, aliases, mime, intake, entry, report, reply, dialog,
# netrc, oauth, sasl, smtpd or tlsa) with clang and runs it. What it learns, and what it finds, goes to
# build-fuzz-TARGET in the current folder (or to $FUZZ_WORK); what is found goes to
# tests/fuzz/corpus by hand, with a name that says what it is.
# On Debian: apt-get install clang libclang-rt-14-dev
set -eu
[ $# -ge 2 ] || {
	sed -n 's/^# usage/usage/p' "$0" >&2
	exit 64
}
target=$1
seconds=$2
shift 2
top=$(cd "$(dirname "$0")/../.." && pwd)
work=${FUZZ_WORK:-$PWD/build-fuzz-$target}
mkdir -p "$work/corpus" "$work/found"

libraries="nettle libidn2 zlib"
flags=''
resolver=
more=$top/src/config/netrc.c
# Without what speaks to the network: the input is the server.
dialogue=
case $target in
oauth)
	libraries="$libraries jansson libcurl libconfuse gnutls" dialogue=trust
	more="$top/src/oauth/*.c $top/src/config/*.c"
	;;
reply) dialogue="blank capability greeting reply verdict wording" ;;
dialog) dialogue="answer answer_early answer_end asked blank body capability chunks command flight
	judge push reply session talk transaction verdict wording" ;;
tlsa)
	dialogue="dns tlsa"
	resolver=-lresolv
	;;
sasl)
	dialogue="bearer sasl scram"
	libraries="$libraries libgsasl"
	flags=-DHAVE_GSASL more="$more $top/src/config/mechanism.c"
	;;
esac
sources=
for name in $dialogue; do
	sources="$sources $top/src/delivery/$name.c"
done
# shellcheck disable=SC2046,SC2086
${CLANG:-clang} -std=gnu11 -O1 -g -fno-omit-frame-pointer \
	-fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined \
	-D_GNU_SOURCE -DPACKAGE_VERSION='"0"' -DSYSCONFDIR='"/etc"' -DLOCALSTATEDIR='"/var"' \
	-DPKGLIBEXECDIR='"/usr/libexec/pillarbox"' $flags -I"$top/src" $(pkg-config --cflags $libraries) \
	"$top"/src/base/*.c "$top"/src/message/*.c "$top"/src/alias/*.c "$top"/src/queue/*.c "$top"/src/smtpd/*.c \
	$sources $more "$top"/tests/fuzz/decode.c "$top"/tests/fuzz/strict.c "$top"/tests/fuzz/strict_report.c \
	"$top"/tests/fuzz/whole.c \
	"$top/tests/fuzz/fuzz_$target.c" \
	$(pkg-config --libs $libraries) -lunistring $resolver -o "$work/fuzz_$target"

exec "$work/fuzz_$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 \
	-artifact_prefix="$work/found/" -dict="$top/tests/fuzz/words.dict" "$@" \
	"$work/corpus" "$top/tests/fuzz/corpus/$target"
