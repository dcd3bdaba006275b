# SPDX-License-Identifier: ISC
# shellcheck shell=sh
# Sourced by every check in this folder. They run under `make check` as well
# as by hand; a check whose tool is missing fails and says what to install.
set -u
top_srcdir=$(cd "${top_srcdir:-$(dirname "$0")/../..}" && pwd) || exit 1
faults=0

# fault TEXT: counts and says what is wrong.
fault() {
	faults=$((faults + 1))
	printf '%s\n' "$1"
}

# need TOOL PACKAGE
need() {
	command -v "$1" > /dev/null && return
	echo "NOT CHECKED: $1 is missing; on Debian: apt-get install $2"
	exit 1
}

# end: the exit code, by what was found.
end() {
	[ "$faults" -eq 0 ] || echo "$faults found by ${0##*/}"
	[ "$faults" -eq 0 ]
	exit
}
