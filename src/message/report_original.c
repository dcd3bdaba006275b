/* SPDX-License-Identifier: ISC */
/* What a report gives back of the message. */
#include "message/report_original.h"

#include "base/limits.h"
#include "message/base64.h"
#include "message/facts.h"
#include "message/quoted.h"
#include "message/utf8.h"

/* Reads more of the message; false at the end of what may be a head. */
static bool
read_more(struct report_original *o, ssize_t *n, struct error *err)
{
	char *room = o->head.len < HEADER_BLOCK_MAX
			 ? buf_room(&o->head, IO_BLOCK)
			 : NULL;

	*n = room != NULL ? spool_read(o->message, (int64_t)o->head.len, room,
				IO_BLOCK, err)
			  : 0;
	if (*n > 0)
		buf_grown(&o->head, (size_t)*n);
	return *n > 0;
}

static int
read_head(struct report_original *o, struct error *err)
{
	const char *end = NULL;
	ssize_t n;

	while (end == NULL && read_more(o, &n, err)) {
		if (span_starts(buf_span(&o->head), "\r\n")) {
			o->head.len = 0;
			return 0;
		}
		end = memmem(o->head.at, o->head.len, "\r\n\r\n", 4);
	}
	if (end == NULL && n < 0)
		return -1;
	if (end == NULL && o->head.len > 0)
		end = memrchr(o->head.at, '\r', o->head.len);
	o->head.len = end != NULL ? (size_t)(end - o->head.at) + 2 : 0;
	return 0;
}

static int
read_facts(const struct spool *message, struct facts *facts, struct error *err)
{
	char block[IO_BLOCK];
	int64_t at = 0;
	ssize_t n;

	facts_init(facts);
	while ((n = spool_read(message, at, block, sizeof block, err)) > 0) {
		facts_take(facts, span(block, (size_t)n));
		at += n;
	}
	return n < 0 ? -1 : 0;
}

static enum report_form
form_of_head(struct span head)
{
	struct facts facts;

	facts_init(&facts);
	facts_take(&facts, head);
	if (facts.eight_bit > 0 && utf8_is_valid(head))
		return REPORT_HEADERS_GLOBAL;
	if (facts.eight_bit > 0 || facts_is_unfit(&facts))
		return REPORT_HEADERS_CODED;
	return REPORT_HEADERS;
}

int
report_original_look(struct report_original *o, const struct spool *message,
    bool full, struct error *err)
{
	struct facts facts;

	*o = (struct report_original){.message = message};
	buf_init(&o->head, HEADER_BLOCK_MAX + IO_BLOCK);
	if (read_head(o, err) != 0)
		return -1;
	o->form = form_of_head(buf_span(&o->head));
	if (!full || message->size > REPORT_FULL_MAX)
		return 0;
	if (read_facts(message, &facts, err) != 0)
		return -1;
	/* A header beyond ASCII makes it another type (RFC 6532 3.7), which may
	 * be encoded and so needs no SMTPUTF8; message/rfc822 may not. */
	if (o->form == REPORT_HEADERS_GLOBAL)
		o->form = REPORT_FULL_GLOBAL;
	else if (o->form == REPORT_HEADERS && !facts_is_unfit(&facts))
		o->form = facts.eight_bit > 0 ? REPORT_FULL_8BIT : REPORT_FULL;
	return 0;
}

void
report_original_release(struct report_original *o)
{
	buf_release(&o->head);
}

/* The message as it is, or in base64. */
static int
copy(const struct spool *message, bool coded, struct spool *to,
    struct error *err)
{
	char block[IO_BLOCK];
	struct base64 code;
	struct buf text;
	int64_t at = 0;
	ssize_t n;
	int rc = 0;

	base64_init(&code);
	buf_init(&text, 2 * IO_BLOCK);
	do {
		n = spool_read(message, at, block, sizeof block, err);
		buf_clear(&text);
		if (n > 0 && coded)
			base64_take(&code, span(block, (size_t)n), &text);
		else if (n > 0)
			buf_add(&text, block, (size_t)n);
		else if (n == 0 && coded)
			base64_end(&code, &text);
		at += n;
		rc = n < 0 ? -1 : spool_add(to, buf_span(&text), err);
	} while (rc == 0 && n > 0);
	buf_release(&text);
	return rc;
}

static int
add_head(struct span head, bool coded, struct spool *to, struct error *err)
{
	struct quoted code;
	struct buf text;
	int rc;

	if (!coded)
		return spool_add(to, head, err);
	buf_init(&text, 4 * head.len + KIB);
	quoted_init(&code);
	quoted_take(&code, head, &text);
	quoted_end(&code, true, &text);
	rc = spool_add(to, buf_span(&text), err);
	buf_release(&text);
	return rc;
}

int
report_original_add(
    const struct report_original *o, struct spool *to, struct error *err)
{
	static const struct {
		const char *type, *encoding;
	} forms[] = {
	    [REPORT_HEADERS] = {"text/rfc822-headers", "7bit"},
	    [REPORT_HEADERS_CODED] = {"text/rfc822-headers",
		"quoted-printable"},
	    [REPORT_HEADERS_GLOBAL] = {"message/global-headers",
		"quoted-printable"},
	    [REPORT_FULL] = {"message/rfc822", "7bit"},
	    [REPORT_FULL_8BIT] = {"message/rfc822", "8bit"},
	    [REPORT_FULL_GLOBAL] = {"message/global", "base64"},
	};
	struct buf fields;
	int rc;

	buf_init(&fields, KIB);
	buf_printf(&fields,
	    "Content-Type: %s\r\nContent-Transfer-Encoding: %s\r\n\r\n",
	    forms[o->form].type, forms[o->form].encoding);
	rc = spool_add(to, buf_span(&fields), err);
	buf_release(&fields);
	if (rc != 0)
		return -1;
	if (o->form >= REPORT_FULL)
		return copy(o->message, o->form == REPORT_FULL_GLOBAL, to, err);
	return add_head(buf_span(&o->head), o->form != REPORT_HEADERS, to, err);
}
