/* SPDX-License-Identifier: ISC */
/* Content-Type and Content-Disposition in ASCII. */
#include "message/parameters.h"

#include "base/limits.h"
#include "message/encoded.h"
#include "message/media.h"

/* A value in quotes is what is between them; without, all of it: programs
 * write filename=Holiday pictures.zip. */
static void
take_value(const struct parameter *p, struct buf *to)
{
	if (p->value.len > 0 && p->value.at[0] == '"')
		media_unquote(p->value, to);
	else
		header_unfold(p->value, to);
}

static int
mend_parameter(const struct parameter *p, struct buf *to, struct error *err)
{
	struct buf value;

	if (!encoded_is_needed(p->raw)) {
		buf_add_byte(to, ';');
		buf_add_span(to, p->raw);
		return 0;
	}
	if (span_is_nocase(p->name, "boundary") ||
	    span_is_nocase(p->name, "boundary*"))
		return error_set(err, ERR_DATA, "a boundary that is not ASCII");
	/* What has no name that could be known is nothing to anybody. */
	if (p->name.len == 0 || encoded_is_needed(p->name) ||
	    !encoded_is_needed(p->value))
		return 0;
	buf_init(&value, HEADER_BLOCK_MAX);
	take_value(p, &value);
	buf_add_text(to, ";\r\n ");
	encoded_parameter(p->name, buf_span(&value), to);
	buf_release(&value);
	return 0;
}

/* As media.c reads it, without comments; one that is not ASCII is none. */
static void
add_type(struct span name, struct span type, struct buf *to)
{
	if (type.len > 0 && !encoded_is_needed(type))
		buf_add_span(to, type);
	else if (!span_is_nocase(name, "Content-Type"))
		buf_add_text(to, "attachment");
	else
		buf_add_text(to,
		    type.len > 0 ? "application/octet-stream" : "text/plain");
}

int
parameters_encode(const struct field *f, struct buf *to, struct error *err)
{
	struct span body = f->body, type = media_take_type(&body), raw;
	struct parameter p;
	size_t start = to->len;

	raw = span(f->body.at, f->body.len - body.len);
	if (!encoded_is_needed(raw)) {
		buf_add_span(to, raw);
	} else {
		buf_add_byte(to, ' ');
		add_type(f->name, type, to);
	}
	while (media_next_parameter(&body, &p))
		if (mend_parameter(&p, to, err) != 0)
			return -1;
	/* An empty one would be left out the next time (rules.c). */
	if (span_trim(span_from(buf_span(to), start)).len == 0) {
		buf_add_byte(to, ' ');
		add_type(f->name, type, to);
	}
	return 0;
}
