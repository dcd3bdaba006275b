#!/bin/sh
# SPDX-License-Identifier: ISC
# All C is laid out as .clang-format says; `clang-format -i` mends it.
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"

cd "$top_srcdir" || exit 1
need clang-format clang-format
clang-format --version
find src tests/unit tests/fuzz tests/corpus -name '*.[ch]' | sort |
	xargs clang-format --dry-run -Werror || fault "see above"
end
