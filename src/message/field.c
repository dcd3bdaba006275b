/* SPDX-License-Identifier: ISC */
/* Single header fields, made fit to leave. */
#include "message/field.h"

#include "base/limits.h"
#include "message/address.h"
#include "message/encoded.h"
#include "message/fold.h"
#include "message/parameters.h"
#include "message/phrase.h"
#include "message/token.h"

#include <stdlib.h>

static const char *const address_fields[] = {"From", "Sender", "Reply-To", "To",
    "Cc", "Bcc", "Resent-From", "Resent-Sender", "Resent-To", "Resent-Cc",
    "Resent-Bcc", "Disposition-Notification-To", "Errors-To",
    "Mail-Followup-To", "Mail-Reply-To", "Return-Receipt-To"};

static bool
is_address_field(struct span name)
{
	for (size_t i = 0; i < sizeof address_fields / sizeof *address_fields;
	     i++)
		if (span_is_nocase(name, address_fields[i]))
			return true;
	return false;
}

bool
field_needs_mending(const struct field *f)
{
	return encoded_is_needed(f->whole) || fold_is_needed(f->whole);
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
	if (span_is_nocase(f->name, "Content-Type") ||
	    span_is_nocase(f->name, "Content-Disposition"))
		return parameters_encode(f, to, err);
	if (is_address_field(f->name) && is_list(f->body))
		phrase_encode_list(f->body, to);
	else
		mend_text(f->body, to);
	return 0;
}

/* Encoded words may not stand in it. */
static void
mend_tokens(const struct field *f, struct buf *to, struct mends *log)
{
	struct buf plain;

	buf_init(&plain, HEADER_BLOCK_MAX);
	if (token_plain(f, &plain)) {
		buf_printf(to, "%.*s: ", SPAN_ARG(f->name));
		buf_add_span(to, buf_span(&plain));
		mends_add(log, "%.*s: what is not ASCII was left out",
		    SPAN_ARG(f->name));
	} else {
		buf_printf(to, "X-Original-%.*s:", SPAN_ARG(f->name));
		mend_text(f->body, to);
		mends_add(log, "%.*s: not ASCII; kept as X-Original-%.*s",
		    SPAN_ARG(f->name), SPAN_ARG(f->name));
	}
	buf_add_text(to, "\r\n");
	buf_release(&plain);
}

/* The field, in ASCII as far as it can be. */
static int
encode(
    const struct field *f, struct buf *to, struct mends *log, struct error *err)
{
	if (!encoded_is_needed(f->whole)) {
		buf_add_span(to, f->whole);
		return 0;
	}
	if (token_is(f->name)) {
		mend_tokens(f, to, log);
		return 0;
	}
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
fold_long(const struct field *f, struct span field, struct buf *to,
    struct mends *log, struct error *err)
{
	size_t start = to->len;

	if (!fold_is_needed(field)) {
		buf_add_span(to, field);
		return 0;
	}
	fold_field(field, to);
	mends_add(log, "%.*s: folded, a line had more than %d bytes",
	    SPAN_ARG(f->name), TEXT_LINE_MAX);
	if (!buf_ok(to) || !fold_is_needed(span_from(buf_span(to), start)))
		return 0;
	return error_set(err, ERR_DATA,
	    "header field %.*s: %zu bytes without a blank; a line may have %d",
	    SPAN_ARG(f->name), fold_longest(field), TEXT_LINE_MAX);
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
		rc = fold_long(f, buf_span(&mended), to, log, err);
	buf_release(&mended);
	return rc;
}
