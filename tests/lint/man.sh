#!/bin/sh
# SPDX-License-Identifier: ISC
# The manual pages, as mandoc sees them.
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"

cd "$top_srcdir/man" || exit 1
need mandoc mandoc
count=0
for page in *.[1-9]; do
	[ -f "$page" ] || continue
	count=$((count + 1))
	# Which pages this machine has is no fault of ours.
	said=$(mandoc -T lint "$page" 2>&1 | grep -Ev 'referenced manual not found|mandoc\.db')
	[ -z "$said" ] || fault "$said"
done
echo "$count pages"
[ "$count" -gt 0 ] || fault "no manual page in $PWD"
end
