/* SPDX-License-Identifier: ISC */
/* The head of an entity, with what is changed in it. */
#include "message/head.h"

#include "base/limits.h"
#include "message/field.h"
#include "message/header.h"

/* Content-Type with another charset, its other parameters as they were: behind
 * it, since one may have quotes that do not end. */
static int
put_type(struct walk *w, const struct field *f, const char *charset)
{
	struct span body = f->body, type, rest;
	struct parameter p;
	struct field changed;
	const char *quote;
	struct buf text;
	int rc;

	buf_init(&text, 2 * HEADER_BLOCK_MAX);
	buf_printf(&text, "%.*s: ", SPAN_ARG(f->name));
	type = media_take_type(&body);
	quote = memchr(type.at, '"', type.len);
	if (quote != NULL)
		type.len = (size_t)(quote - type.at);
	buf_add_span(&text, type.len > 0 ? type : span_of("text/plain"));
	buf_printf(&text, "; charset=%s", charset);
	while (media_next_parameter(&body, &p))
		if (p.name.len > 0 && !span_is_nocase(p.name, "charset") &&
		    !span_is_nocase(p.name, "charset*"))
			buf_printf(&text, ";%.*s", SPAN_ARG(p.raw));
	buf_add_text(&text, "\r\n");
	rest = buf_span(&text);
	header_next(&rest, &changed);
	rc = field_mend(&changed, &w->line, w->log, w->err);
	buf_release(&text);
	return rc;
}

static int
put_field(struct walk *w, const struct field *f, const struct changes *c)
{
	if (c != NULL && c->transfer != NULL &&
	    span_is_nocase(f->name, "Content-Transfer-Encoding"))
		return 0;
	if (c != NULL && c->charset != NULL &&
	    span_is_nocase(f->name, "Content-Type"))
		return put_type(w, f, c->charset);
	if (w->locked && (w->part > 0 || w->nesting > 0) &&
	    field_needs_mending(f))
		return walk_fail(w, "a header field would have to be "
				    "encoded, and is signed");
	return field_mend(f, &w->line, w->log, w->err);
}

static void
put_changes(struct walk *w, const struct changes *c)
{
	if (c->version)
		buf_add_text(&w->line, "MIME-Version: 1.0\r\n");
	if (c->type)
		buf_printf(&w->line, "Content-Type: text/plain; charset=%s\r\n",
		    c->charset != NULL ? c->charset : "us-ascii");
	if (c->transfer != NULL)
		buf_printf(
		    &w->line, "Content-Transfer-Encoding: %s\r\n", c->transfer);
}

int
head_write(struct walk *w, struct span head, const struct changes *c)
{
	struct field f;

	while (header_next(&head, &f))
		if (put_field(w, &f, c) != 0)
			return -1;
	if (c != NULL)
		put_changes(w, c);
	buf_add_text(&w->line, "\r\n");
	return walk_drain(w);
}
