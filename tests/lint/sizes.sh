#!/bin/sh
# SPDX-License-Identifier: ISC
# The longest files and functions of src/; too long a one fails.
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"

FILE_MAX=300
FUNCTION_MAX=60

cd "$top_srcdir" || exit 1
need ctags universal-ctags
ctags --version | grep -q Universal || {
	echo "NOT CHECKED: ctags is not Universal Ctags; on Debian: apt-get install universal-ctags"
	exit 1
}

# too_long LIMIT WHAT: reads "LINES NAME", longest first; prints the first
# five and all that are over the limit.
too_long() {
	awk -v limit="$1" -v what="$2" '
	NR == 1 { printf "longest %ss, of %d lines at most:\n", what, limit }
	NR <= 5 || $1 > limit {
		printf "%6d %s%s\n", $1, $2, ($1 > limit ? "  TOO LONG" : "")
	}
	$1 > limit { over++ }
	END {
		if (NR == 0)
			print "no " what " found"
		exit NR == 0 || over > 0
	}'
}

find src -name '*.c' -exec awk 'END { print NR, FILENAME }' {} \; |
	sort -rn | too_long "$FILE_MAX" file || faults=1

find src -name '*.c' | sort |
	ctags -L - -f - --languages=C --kinds-C=f --fields=ne --sort=no |
	sed -n 's/^\([^	]*\)	\([^	]*\)	.*	line:\([0-9]*\).*	end:\([0-9]*\).*/\4 \3 \2:\3:\1/p' |
	awk '{ print $1 - $2 + 1, $3 }' |
	sort -rn | too_long "$FUNCTION_MAX" function || faults=$((faults + 1))
end
