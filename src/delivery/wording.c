/* SPDX-License-Identifier: ISC */
/* Words of a reply. */
#include "delivery/wording.h"

#include "base/span.h"
#include "base/text.h"

#include <strings.h>

static bool
is_word_byte(char c)
{
	return text_is_digit(c) || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

static bool
has_word(const char *text, struct span word)
{
	for (const char *at = text; *at != '\0'; at++)
		if ((at == text || !is_word_byte(at[-1])) &&
		    strncasecmp(at, word.at, word.len) == 0)
			return true;
	return false;
}

bool
wording_has(const char *text, const char *list)
{
	struct span rest = span_of(list), word;

	while (span_cut(&rest, '|', &word))
		if (has_word(text, word))
			return true;
	return false;
}

bool
wording_has_status(const char *status, const char *list)
{
	struct span rest = span_of(list), one;

	while (status[0] != '\0' && span_cut(&rest, '|', &one))
		if (span_is(one, status + 1))
			return true;
	return false;
}
