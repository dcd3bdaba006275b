#!/bin/sh
# SPDX-License-Identifier: ISC
# Every option stands in pillarbox.1, those of sendmail with what becomes of
# them, and the long ones in all completions; every setting stands in
# pillarbox.conf.5.
# shellcheck source=tests/lint/common.sh
. "$(dirname "$0")/common.sh"

cd "$top_srcdir" || exit 1
need mandoc mandoc

# The tables in the sources: {"bp", NO_VALUE, ACTS(...)}, {"flush", NULL, ...}.
letters=$(awk 'BEGIN { RS = "{" }
	/^"[^"]*",[ \t\n]*(NO_VALUE|VALUE|ATTACHED),/ {
		split($0, part, "\"")
		print part[2], /ACCEPTED/ ? "accepted" : /REFUSED\(/ ? "refused" : "acts"
	}' src/cli/letters.c | sort)
# The same table in the manual: .It Fl f Ar sender Ta acts Ta ...
documented=$(awk -F ' Ta ' '/^\.It Fl [^ -].* Ta (acts|accepted|refused)/ {
		n = split($1, word, " ")
		for (i = 2; i <= n; i++)
			if (word[i] == "Ar")
				i++
			else if (word[i] !~ /^(Fl|Ns|Oo|Oc|,|=)$/)
				print word[i], $2
	}' man/pillarbox.1 | sed 's/ Ta$//' | sort)
[ "$letters" = "$documented" ] ||
	fault "src/cli/letters.c and man/pillarbox.1 differ:
$({
		printf '%s\n' "$letters" | sed 's/^/source: /'
		printf '%s\n' "$documented" | sed 's/^/manual: /'
	} | sort -k 2 | uniq -u -f 1)"
words=$(sed -n 's/^    {"\([a-z-]*\)", .*/\1/p' src/cli/options.c)
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
	several settings $settings
}

page=$(mandoc -T ascii man/pillarbox.1 | sed 's/.'"$(printf '\b')"'//g')
# in_page OPTION: OPTION stands there as a word of its own.
in_page() {
	printf '%s\n' "$page" |
		grep -Eq -e "(^|[^[:alnum:]-])$1([^[:alnum:]-]|\$)" ||
		fault "man/pillarbox.1 lacks $1"
}
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
echo "$letters $words $settings" | tr '\n' ' '
echo
end
