#!/bin/sh
# SPDX-License-Identifier: ISC
# The built programs have what configure asked of compiler and linker: they
# load at any address, nothing of theirs is both writable and executable, and
# what was overrun is noticed.
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"

need readelf binutils
need nm binutils
cd "${top_builddir:-$top_srcdir}" || exit 1
# asked VARIABLE FLAG: the build was made with it.
asked() {
	grep -Eq "^$1 = .*$2" Makefile
}

[ -f Makefile ] || {
	echo "NOT CHECKED: no Makefile in $PWD"
	exit 1
}
if asked SANITIZE -fsanitize; then
	echo "a build with sanitizers, which is not hardened"
	exit 0
fi
for flag in -fPIE -fstack-protector-strong; do
	asked HARDEN_CFLAGS "$flag" || fault "configure left out $flag"
done
for flag in -pie -z,now -z,noexecstack; do
	asked HARDEN_LDFLAGS "$flag" || fault "configure left out $flag"
done

# has PROGRAM WHAT PATTERN TEXT
has() {
	printf '%s\n' "$4" | grep -Eq "$3" || fault "$1: no $2"
}
for program in pillarbox pillarbox-queue pillarbox-deliver; do
	[ -x "$program" ] || {
		fault "$program is not built in $PWD"
		continue
	}
	headers=$(readelf -hlW "$program") || fault "$program: readelf failed"
	dynamic=$(readelf -dW "$program") || fault "$program: readelf failed"
	calls=$(nm -D --undefined-only "$program") || fault "$program: nm failed"
	has "$program" "position independence" 'Type: +DYN' "$headers"
	has "$program" "position independence" 'FLAGS_1.* PIE' "$dynamic"
	has "$program" "relocation read-only" 'GNU_RELRO' "$headers"
	has "$program" "binding at the start" '\(FLAGS\).*BIND_NOW|FLAGS_1.* NOW' "$dynamic"
	has "$program" "stack without execution" 'GNU_STACK.* RW +0x' "$headers"
	has "$program" "stack protector" ' __stack_chk_fail' "$calls"
	! asked HARDEN_CFLAGS _FORTIFY_SOURCE ||
		has "$program" "fortified function" ' __[a-z]+_chk' "$calls"
done
end
