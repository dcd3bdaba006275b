/* SPDX-License-Identifier: ISC */
/* Addresses in header fields that have no domain. */
#include "message/qualify.h"

#include "message/lexeme.h"

#include <stdbool.h>

/* One address, without its angle brackets if it had any. */
static size_t
qualify_one(struct span address, const char *domain, struct buf *to)
{
	size_t core = lexeme_core(address);
	bool bare = core > 0 && lexeme_up_to(address, "@") == address.len;

	buf_add(to, address.at, core);
	if (bare)
		buf_printf(to, "@%s", domain);
	buf_add_span(to, span_from(address, core));
	return bare;
}

size_t
qualify_list(struct span body, const char *domain, struct buf *to)
{
	size_t count = 0;

	while (body.len > 0) {
		size_t n = lexeme_up_to(body, "<,:;");
		char stop = n < body.len ? body.at[n] : '\0';

		/* What stands before these is a name. */
		if (stop == '<' || stop == ':')
			buf_add(to, body.at, n);
		else
			count += qualify_one(span(body.at, n), domain, to);
		body = span_from(body, n);
		if (stop == '\0')
			break;
		buf_add_byte(to, stop);
		body = span_from(body, 1);
		if (stop != '<')
			continue;
		n = lexeme_up_to(body, ">");
		count += qualify_one(span(body.at, n), domain, to);
		body = span_from(body, n);
		/* Behind it, up to the comma, is nothing but comments. */
		n = lexeme_up_to(body, ",;");
		buf_add(to, body.at, n);
		body = span_from(body, n);
	}
	return count;
}
