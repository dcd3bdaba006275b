/* SPDX-License-Identifier: ISC */
/* Single header fields, made fit to leave. */
#include "message/field.h"

#include "base/limits.h"
#include "message/address.h"
#include "message/encoded.h"
#include "message/media.h"
#include "message/phrase.h"

#include <stdlib.h>

/* A field that is too long is folded near this column (RFC 5322 2.1.1). */
#define FOLD_COLUMN 78

static const char *const address_fields[] = {"From", "Sender", "Reply-To", "To",
    "Cc", "Bcc", "Resent-From", "Resent-Sender", "Resent-To", "Resent-Cc",
    "Resent-Bcc", "Disposition-Notification-To", "Errors-To",
    "Mail-Followup-To", "Mail-Reply-To", "Return-Receipt-To"};

static const char *const parameter_fields[] = {
    "Content-Type", "Content-Disposition"};

static bool
is_among(struct span name, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_is_nocase(name, names[i]))
			return true;
	return false;
}

static size_t
longest_line(struct span text)
{
	struct span line;
	size_t longest = 0;

	while (span_cut(&text, '\n', &line))
		if (line.len > longest)
			longest = line.len;
	return longest;
}

/* With its CR, so that 998 octets are 999 here. */
static bool
is_too_long(struct span field)
{
	return longest_line(field) > TEXT_LINE_MAX + 1;
}

static bool
has_odd_bytes(struct span field)
{
	for (size_t i = 0; i < field.len; i++) {
		unsigned char c = (unsigned char)field.at[i];

		if (c >= 0x7f ||
		    (c < ' ' && c != '\t' && c != '\r' && c != '\n'))
			return true;
	}
	return false;
}

bool
field_needs_mending(const struct field *f)
{
	return has_odd_bytes(f->whole) || is_too_long(f->whole);
}

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

	if (!has_odd_bytes(p->raw)) {
		buf_add_byte(to, ';');
		buf_add_span(to, p->raw);
		return 0;
	}
	if (span_is_nocase(p->name, "boundary"))
		return error_set(err, ERR_DATA, "a boundary that is not ASCII");
	/* What has no name that could be known is nothing to anybody. */
	if (p->name.len == 0 || has_odd_bytes(p->name) ||
	    !has_odd_bytes(p->value))
		return 0;
	buf_init(&value, HEADER_BLOCK_MAX);
	take_value(p, &value);
	buf_add_text(to, ";\r\n ");
	encoded_parameter(p->name, buf_span(&value), to);
	buf_release(&value);
	return 0;
}

/* NAME*=charset''VALUE for what needs it; the rest as it is. */
static int
mend_parameters(const struct field *f, struct buf *to, struct error *err)
{
	struct span body = f->body, type;
	struct parameter p;

	media_take_type(&body);
	type = span(f->body.at, f->body.len - body.len);
	if (!has_odd_bytes(type))
		buf_add_span(to, type);
	else
		buf_add_text(to, span_is_nocase(f->name, "Content-Type")
				     ? " application/octet-stream"
				     : " attachment");
	while (media_next_parameter(&body, &p))
		if (mend_parameter(&p, to, err) != 0)
			return -1;
	return 0;
}

static void
mend_text(struct span body, struct buf *to)
{
	struct buf line;

	buf_init(&line, HEADER_BLOCK_MAX);
	buf_add_byte(to, ' ');
	header_unfold(body, &line);
	encoded_text(buf_span(&line), to);
	buf_release(&line);
}

/* What is no list of addresses can only be shown. */
static bool
is_list(struct span body)
{
	struct address_list list = {0};
	struct error ignored;
	bool fine = address_parse_list(body, &list, &ignored) == 0;

	address_list_release(&list);
	return fine;
}

static int
mend_bytes(const struct field *f, struct buf *to, struct error *err)
{
	if (is_among(f->name, parameter_fields,
		sizeof parameter_fields / sizeof parameter_fields[0]))
		return mend_parameters(f, to, err);
	if (is_among(f->name, address_fields,
		sizeof address_fields / sizeof address_fields[0]) &&
	    is_list(f->body))
		phrase_encode_list(f->body, to);
	else
		mend_text(f->body, to);
	return 0;
}

/* Where to fold: at the last blank up to the column, or the first behind. */
static size_t
fold_at(struct span line)
{
	size_t best = 0;

	for (size_t i = 1; i < line.len; i++) {
		if (line.at[i] != ' ' && line.at[i] != '\t')
			continue;
		if (i > FOLD_COLUMN && best > 0)
			break;
		best = i;
		if (i > FOLD_COLUMN)
			break;
	}
	return best;
}

static bool
is_blank(struct span text)
{
	return span_trim(text).len == 0;
}

/* A fold before a blank that is there changes nothing (RFC 5322 2.2.3). */
static void
fold_line(struct span line, struct buf *to)
{
	while (line.len > TEXT_LINE_MAX) {
		size_t n = fold_at(line);

		if (n == 0 || is_blank(span(line.at, n)) ||
		    is_blank(span_from(line, n)))
			break;
		buf_add(to, line.at, n);
		buf_add_text(to, "\r\n");
		line = span_from(line, n);
	}
	buf_add_span(to, line);
	buf_add_text(to, "\r\n");
}

static void
fold(struct span field, struct buf *to)
{
	struct span line;

	while (span_cut(&field, '\n', &line)) {
		if (line.len > 0 && line.at[line.len - 1] == '\r')
			line.len--;
		fold_line(line, to);
	}
}

/*
 * Fields of tokens, where no encoded word may stand (RFC 2047 5). A version
 * can be no other; an encoding that nobody knows is as good as none, which is
 * how media.c reads it.
 */
static bool
replace_token(const struct field *f, struct buf *to, struct mends *log)
{
	if (span_is_nocase(f->name, "MIME-Version")) {
		buf_add_text(to, "MIME-Version: 1.0\r\n");
	} else if (span_is_nocase(f->name, "Content-Transfer-Encoding")) {
		buf_printf(to, "X-Original-%.*s:", SPAN_ARG(f->name));
		mend_text(f->body, to);
		buf_add_text(to, "\r\n");
	} else {
		return false;
	}
	mends_add(log, "%.*s: it was not ASCII, and meant nothing",
	    SPAN_ARG(f->name));
	return true;
}

/* The field, in ASCII as far as it can be. */
static int
encode(
    const struct field *f, struct buf *to, struct mends *log, struct error *err)
{
	if (!has_odd_bytes(f->whole)) {
		buf_add_span(to, f->whole);
		return 0;
	}
	if (replace_token(f, to, log))
		return 0;
	buf_add(to, f->whole.at, (size_t)(f->body.at - f->whole.at));
	if (mend_bytes(f, to, err) != 0)
		return error_prefix(
		    err, "header field %.*s", SPAN_ARG(f->name));
	buf_add_text(to, "\r\n");
	mends_add(log, "%.*s: raw %s written as ASCII (RFC 2047, 2231)",
	    SPAN_ARG(f->name), encoded_charset(f->whole));
	return 0;
}

static int
fold_field(const struct field *f, struct span field, struct buf *to,
    struct mends *log, struct error *err)
{
	size_t start = to->len;

	if (!is_too_long(field)) {
		buf_add_span(to, field);
		return 0;
	}
	fold(field, to);
	mends_add(log, "%.*s: folded, a line had more than %d bytes",
	    SPAN_ARG(f->name), TEXT_LINE_MAX);
	if (!buf_ok(to) || !is_too_long(span_from(buf_span(to), start)))
		return 0;
	return error_set(err, ERR_DATA,
	    "header field %.*s: %zu bytes without a blank; a line may have %d",
	    SPAN_ARG(f->name), longest_line(field), TEXT_LINE_MAX);
}

int
field_mend(
    const struct field *f, struct buf *to, struct mends *log, struct error *err)
{
	struct buf mended;
	int rc;

	if (!field_needs_mending(f)) {
		buf_add_span(to, f->whole);
		return 0;
	}
	buf_init(&mended, 4 * HEADER_BLOCK_MAX);
	rc = encode(f, &mended, log, err);
	if (rc == 0 && !buf_ok(&mended))
		rc = error_set(err, ERR_DATA,
		    "header field %.*s: too long when it is encoded",
		    SPAN_ARG(f->name));
	if (rc == 0)
		rc = fold_field(f, buf_span(&mended), to, log, err);
	buf_release(&mended);
	return rc;
}
