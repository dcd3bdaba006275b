/* SPDX-License-Identifier: ISC */
/* The path behind MAIL and RCPT (RFC 5321 4.1.2). */
#include "smtpd/path.h"

/* The length of a path that begins at text, up to ">" if it is bracketed,
 * else up to a blank; 0: it is none. */
static size_t
path_length(struct span text, bool bracketed)
{
	bool quoted = false;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && c == '>' && bracketed)
			return i;
		else if (!quoted && c == ' ' && !bracketed)
			return i;
		else if (!quoted && strchr(" ()<>", c) != NULL)
			return 0;
	}
	return bracketed || quoted ? 0 : text.len;
}

bool
path_take(struct span *rest, const char *keyword, struct buf *to)
{
	struct span text = *rest;
	bool bracketed;
	size_t n;

	if (!span_starts_nocase(text, keyword))
		return false;
	text = span_trim(span_from(text, strlen(keyword)));
	bracketed = text.len > 0 && text.at[0] == '<';
	if (bracketed)
		text = span_from(text, 1);
	n = path_length(text, bracketed);
	if (n == 0 && (!bracketed || text.len == 0 || text.at[0] != '>'))
		return false;
	buf_printf(to, "<%.*s>", (int)n, text.at);
	text = span_from(text, n + (bracketed ? 1 : 0));
	*rest = text;
	return buf_ok(to) && (text.len == 0 || text.at[0] == ' ');
}
