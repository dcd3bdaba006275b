/* SPDX-License-Identifier: ISC */
/* Class "." subject "." detail. */
#include "message/enhanced_code.h"

#include "base/text.h"

#include <stdbool.h>

static bool
take_number(struct span *rest, size_t digits)
{
	size_t n = 0;

	while (n < rest->len && n < digits && text_is_digit(rest->at[n]))
		n++;
	*rest = span_from(*rest, n);
	return n > 0;
}

static bool
take_dot(struct span *rest)
{
	if (!span_starts(*rest, "."))
		return false;
	*rest = span_from(*rest, 1);
	return true;
}

struct span
enhanced_code(struct span text, char class)
{
	struct span rest = text;

	if (text.len == 0 || text.at[0] != class || !take_number(&rest, 1) ||
	    !take_dot(&rest) || !take_number(&rest, 3) || !take_dot(&rest) ||
	    !take_number(&rest, 3) || (rest.len > 0 && rest.at[0] != ' '))
		return span("", 0);
	text.len -= rest.len;
	return text;
}
