/* SPDX-License-Identifier: ISC */
/* What cannot be cut in a structured field. */
#include "message/lexeme.h"

/* How long is the quoted string or comment that text begins with? */
static size_t
nested_length(struct span text)
{
	char open = text.at[0], close = open == '(' ? ')' : '"';
	size_t depth = 1, i;

	for (i = 1; i < text.len && depth > 0; i++) {
		if (text.at[i] == '\\')
			i++;
		else if (text.at[i] == close)
			depth--;
		else if (text.at[i] == open)
			depth++;
	}
	return i < text.len ? i : text.len;
}

size_t
lexeme_length(struct span text)
{
	const char *close;

	if (text.at[0] == '"' || text.at[0] == '(')
		return nested_length(text);
	close = text.at[0] == '[' ? memchr(text.at, ']', text.len) : NULL;
	return close != NULL ? (size_t)(close - text.at) + 1 : 1;
}

size_t
lexeme_up_to(struct span text, const char *stops)
{
	size_t i = 0;

	while (i < text.len &&
	       (text.at[i] == '\0' || strchr(stops, text.at[i]) == NULL))
		i += lexeme_length(span_from(text, i));
	return i;
}

size_t
lexeme_core(struct span text)
{
	size_t core = 0, i = 0;

	while (i < text.len) {
		size_t n = lexeme_length(span_from(text, i));

		if (text.at[i] != '(' && strchr(" \t\r\n", text.at[i]) == NULL)
			core = i + n;
		i += n;
	}
	return core;
}
