#!/bin/sh
# SPDX-License-Identifier: ISC
# Every option stands in pillarbox.1 and the long ones in all completions;
# every setting stands in pillarbox.conf.5.
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"

cd "$top_srcdir" || exit 1
need mandoc mandoc

# The tables in the sources: {'t', NO_VALUE, ...}, {"flush", NULL, ...},
# -bX by its case in effect_mode(), -odX by {"db", WISH...}.
letters=$(sed -n "s/^    {'\(.\)', [A-Z_]*VALUE, .*/\1/p; s/^    {'\(.\)', ATTACHED, .*/\1/p" src/cli/options.c)
words=$(sed -n 's/^    {"\([a-z-]*\)", .*/\1/p' src/cli/options.c)
modes=$(sed -n "/^effect_mode/,/^}/s/.*case '\(.\)':.*/b\1/p; s/.*{\"\(d[a-z]\)\", WISH.*/o\1/p" src/cli/effects.c)
settings=$(tr '\n' ' ' < src/config/settings.c |
	grep -o 'CFG_[A-Z_]*([[:space:]]*"[^"]*"' | cut -d '"' -f 2 | sort -u)

# several WHAT LIST...: a table that is not found would pass for complete.
several() {
	what=$1
	shift
	[ $# -ge 6 ] || fault "only $# $what found in the sources; has the table moved?"
}
# shellcheck disable=SC2086
{
	several letters $letters
	several "long options" $words
	several "modes" $modes
	several settings $settings
}

page=$(mandoc -T ascii man/pillarbox.1 | sed 's/.'"$(printf '\b')"'//g')
# in_page OPTION [TAIL]: OPTION stands there as a word of its own.
in_page() {
	printf '%s\n' "$page" |
		grep -Eq -e "(^|[^[:alnum:]-])$1(${2:-[^[:alnum:]-]}|\$)" ||
		fault "man/pillarbox.1 lacks $1"
}
for letter in $letters; do
	case $letter in
	b | o) in_page "-$letter" '[a-z]' ;;
	*) in_page "-$letter" ;;
	esac
done
for mode in $modes; do
	in_page "-$mode"
done
for word in $words; do
	in_page "--$word"
done

for setting in $settings; do
	grep -Eq "^\.(It|Ss) (.* )?$setting( |\$)" man/pillarbox.conf.5 ||
		fault "man/pillarbox.conf.5 lacks $setting"
done

shells=0
for file in completions/*; do
	case $file in
	*/local.mk) continue ;;
	*.fish) pattern='-l +' ;;
	*) pattern=-- ;;
	esac
	shells=$((shells + 1))
	for word in $words; do
		grep -Eq -e "$pattern$word([^[:alnum:]-]|\$)" "$file" ||
			fault "$file lacks --$word"
	done
done
[ "$shells" -eq 3 ] || fault "completions for $shells shells instead of 3"
echo "$letters $modes $words $settings" | tr '\n' ' '
echo
end
