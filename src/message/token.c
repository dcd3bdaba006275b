/* SPDX-License-Identifier: ISC */
/* Fields made of tokens. */
#include "message/token.h"

#include "base/limits.h"
#include "message/date.h"
#include "message/encoded.h"
#include "message/lexeme.h"
#include "message/media.h"

static const char *const names[] = {"Date", "Resent-Date", "Message-ID",
    "Resent-Message-ID", "In-Reply-To", "References", "Received", "Return-Path",
    "Content-ID", "MIME-Version", "Content-Transfer-Encoding"};

bool
token_is(struct span name)
{
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (span_is_nocase(name, names[i]))
			return true;
	return false;
}

/* A message id is whole, whatever is in it. */
static size_t
unit_length(struct span text)
{
	const char *close =
	    text.at[0] == '<' ? memchr(text.at, '>', text.len) : NULL;

	return close != NULL ? (size_t)(close - text.at) + 1
			     : lexeme_length(text);
}

/* text without the comments that are not ASCII. One that has no end may hold
 * anything. */
static void
drop_comments(struct span text, struct buf *to)
{
	while (text.len > 0) {
		struct span unit = span(text.at, unit_length(text));

		if (unit.at[0] != '(' || unit.at[unit.len - 1] != ')' ||
		    !encoded_is_needed(unit))
			buf_add_span(to, unit);
		text = span_from(text, unit.len);
	}
}

/* As media.c reads it: one that is not ASCII is as good as none. */
static bool
plain_encoding(struct span body, struct buf *to)
{
	struct span name = media_take_type(&body);

	buf_add_span(to, name);
	return name.len > 0 && !encoded_is_needed(name);
}

bool
token_plain(const struct field *f, struct buf *to)
{
	struct buf line;
	struct span rest;

	if (span_is_nocase(f->name, "Date") ||
	    span_is_nocase(f->name, "Resent-Date"))
		return date_find(f->body, to);
	if (span_is_nocase(f->name, "MIME-Version")) {
		buf_add_text(to, "1.0"); /* there is no other */
		return true;
	}
	if (span_is_nocase(f->name, "Content-Transfer-Encoding"))
		return plain_encoding(f->body, to);
	buf_init(&line, HEADER_BLOCK_MAX);
	header_unfold(f->body, &line);
	drop_comments(buf_span(&line), to);
	buf_release(&line);
	rest = span_trim(buf_span(to));
	return rest.len > 0 && !encoded_is_needed(rest);
}
