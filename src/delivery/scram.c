/* SPDX-License-Identifier: ISC */
/* What a server may say in SCRAM. */
#include "delivery/scram.h"

#include "base/limits.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

struct span
scram_nonce(struct span first)
{
	struct span field = span("", 0);

	/* It is the last field, and no other has a comma in it. */
	while (span_cut(&first, ',', &field))
		;
	return span_starts(field, "r=") ? span_from(field, 2) : span("", 0);
}

/* Takes the next field from *rest if it is "NAME=VALUE", VALUE not empty. */
static bool
take(struct span *rest, char name, struct span *value)
{
	struct span field;

	if (!span_cut(rest, ',', &field) || field.len < 3 ||
	    field.at[0] != name || field.at[1] != '=')
		return false;
	*value = span_from(field, 2);
	return true;
}

static bool
is_text(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (text_is_control(s.at[i]))
			return false;
	return true;
}

static bool
is_extension(struct span field)
{
	char c = field.len > 2 && field.at[1] == '=' ? field.at[0] : '\0';

	/* RFC 5802 7: attr-val; m, and those of the message itself, are not. */
	return ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')) &&
	       strchr("mrsi", c) == NULL;
}

const char *
scram_fault(struct span message, struct span nonce)
{
	struct span rest = message, value, count;
	unsigned long long n = 0;

	if (!is_text(message))
		return "it is no text";
	if (span_starts(message, "m="))
		return "it asks for an extension that we do not have";
	if (!take(&rest, 'r', &value))
		return "it has no nonce";
	if (value.len <= nonce.len || nonce.len == 0 ||
	    memcmp(value.at, nonce.at, nonce.len) != 0)
		return "its nonce does not begin with ours and go on";
	if (!take(&rest, 's', &value))
		return "it has no salt";
	if (!take(&rest, 'i', &count) || !text_number(count, UINT32_MAX, &n))
		return "it has no number of iterations";
	if (n < SCRAM_ITERATIONS_MIN)
		return "it asks for too few iterations, so that the password "
		       "could be guessed";
	if (n > SCRAM_ITERATIONS_MAX)
		return "it asks for too many iterations";
	while (span_cut(&rest, ',', &value))
		if (!is_extension(value))
			return "it has a field that must not be there";
	return NULL;
}
