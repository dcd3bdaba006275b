#!/bin/sh
# SPDX-License-Identifier: ISC
# What the built programs load and call: the front and the store know no
# network library, and nothing ever starts a shell.
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"

NETWORK='lib(curl|gnutls|ssl|nghttp2|resolv)'
SHELLS='popen|system|wordexp'

need ldd libc-bin
need nm binutils
cd "${top_builddir:-$top_srcdir}" || exit 1
for program in pillarbox pillarbox-queue pillarbox-deliver; do
	[ -x "$program" ] || {
		fault "$program is not built in $PWD"
		continue
	}
	loads=$(ldd "$program") || fault "$program: ldd failed"
	calls=$(nm -D --undefined-only "$program") || fault "$program: nm failed"
	# A check that sees nothing would never find anything.
	case $loads$calls in
	*libc.so*' U '*) ;;
	*) fault "$program: neither libraries nor symbols are to be seen" ;;
	esac
	if [ "$program" != pillarbox-deliver ]; then
		found=$(printf '%s\n' "$loads" | grep -E "$NETWORK")
		[ -z "$found" ] || fault "$program loads $found"
	fi
	found=$(printf '%s\n' "$calls" | grep -E " ($SHELLS)(@|\$)")
	[ -z "$found" ] || fault "$program calls $found"
done
end
