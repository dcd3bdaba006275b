/* SPDX-License-Identifier: ISC */
/* Replies without their addresses. */
#include "delivery/blank.h"

#include <stdbool.h>
#include <string.h>

/* Of the quoted string at the beginning of text; 1 if it has no end. */
static size_t
quoted_length(const char *text)
{
	size_t n = 1;

	while (text[n] != '\0' && text[n] != '"')
		n += text[n] == '\\' && text[n + 1] != '\0' ? 2 : 1;
	return text[n] == '"' ? n + 1 : 1;
}

/* How far it is to one of ends. A quoted local part has them for itself, and
 * so any words (RFC 5321 4.1.2); what has no "@" behind it is none. */
static size_t
reach(const char *text, const char *ends)
{
	bool has_at = *text == '<';
	size_t n = 0;

	while (text[n] != '\0' && strchr(ends, text[n]) == NULL) {
		has_at = has_at || text[n] == '@';
		n += text[n] == '"' ? quoted_length(text + n) : 1;
	}
	return has_at ? n : strcspn(text, ends);
}

void
blank_addresses(char *text)
{
	char *at = text;

	/* What is in angle brackets, and other words with an "@". */
	while (*at != '\0') {
		size_t n = *at == '<' ? reach(at, ">") : reach(at, " <");

		if (n == 0)
			n = 1;
		if (*at == '<' || memchr(at, '@', n) != NULL)
			memset(at, ' ', n);
		at += n;
	}
}
