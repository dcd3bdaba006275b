#!/bin/sh
# SPDX-License-Identifier: ISC
# Each folder of src/ includes itself and what lies below it, by its folder's
# name; every third-party header has one door. The rules are in layers.awk.
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"

cd "$top_srcdir/src" || exit 1
find . -name '*.[ch]' | sort |
	xargs awk -f "$top_srcdir/tests/lint/layers.awk" || fault "see above"
end
