#!/bin/sh
# SPDX-License-Identifier: ISC
# Everything that is written in sh or bash, as shellcheck sees it.
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"

cd "$top_srcdir" || exit 1
need shellcheck shellcheck
count=0
for file in $(find try check .ci completions man src tests -type f | sort); do
	case $file in
	*.sh | *.bash) ;;
	*) head -n 1 "$file" | LC_ALL=C grep -Eaq '^#!.*[/ ](ba|da)?sh( |$)' ||
		continue ;;
	esac
	count=$((count + 1))
	shellcheck -x "$file" || fault "$file: see above"
done
echo "$count scripts"
end
