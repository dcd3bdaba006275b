/* SPDX-License-Identifier: ISC */
/* Reports to a sender: the header, and all that follows in its order. */
#include "message/report.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/limits.h"
#include "message/header.h"
#include "message/quoted.h"
#include "message/report_letter.h"
#include "message/report_original.h"
#include "message/report_status.h"
#include "message/wire.h"

/* Message-IDs are short; what is longer is no use to anybody. */
#define REFERENCE_MAX 900

/* What a composition is made of. */
struct draft {
	const struct report *report;
	struct report_original original;
	char boundary[2 * ENTRY_ID_SIZE];
};

/* The Message-ID of the message, as far as it can be one. */
static void
add_references(const struct draft *d, struct buf *to)
{
	struct field f;
	struct span id;

	if (!header_find(buf_span(&d->original.head), "Message-ID", &f))
		return;
	id = span_trim(f.body);
	if (id.len < 3 || id.len > REFERENCE_MAX || id.at[0] != '<' ||
	    id.at[id.len - 1] != '>')
		return;
	for (size_t i = 0; i < id.len; i++)
		if (id.at[i] <= ' ' || id.at[i] >= 0x7f)
			return;
	buf_printf(to, "In-Reply-To: %.*s\r\nReferences: %.*s\r\n",
	    SPAN_ARG(id), SPAN_ARG(id));
}

static const char *
subject_of(const struct report *r)
{
	if (r->delayed)
		return "Delayed: your message is still on its way";
	if (report_has_failed(r))
		return "Undelivered: your message comes back";
	return "Relayed: your message was passed on";
}

static void
add_header(const struct draft *d, struct buf *to)
{
	const struct report *r = d->report;
	char date[CLOCK_TEXT_SIZE];

	clock_rfc5322(r->now, date);
	buf_printf(to,
	    "From: Mail Delivery System <MAILER-DAEMON@%s>\r\n"
	    "To: <%s>\r\n"
	    "Subject: %s\r\n"
	    "Date: %s\r\n"
	    "Message-ID: <%s@%s>\r\n",
	    r->host_name, r->sender, subject_of(r), date, r->id, r->host_name);
	add_references(d, to);
	buf_printf(to,
	    "Auto-Submitted: auto-replied\r\n"
	    "MIME-Version: 1.0\r\n%s"
	    "Content-Type: multipart/report; report-type=delivery-status;\r\n"
	    " boundary=\"%s\"\r\n\r\n",
	    d->original.form == REPORT_FULL_8BIT
		? "Content-Transfer-Encoding: 8bit\r\n"
		: "",
	    d->boundary);
}

/* What a person reads: in ASCII, or encoded so. */
static void
add_human_part(const struct draft *d, struct buf *to)
{
	struct quoted code;
	struct buf letter;

	buf_init(&letter, MIB);
	report_letter(d->report, &letter);
	buf_printf(to, "--%s\r\nContent-Type: text/plain; charset=%s\r\n",
	    d->boundary,
	    wire_is_eight_bit(buf_span(&letter)) ? "utf-8" : "us-ascii");
	if (wire_is_eight_bit(buf_span(&letter))) {
		buf_add_text(
		    to, "Content-Transfer-Encoding: quoted-printable\r\n\r\n");
		quoted_init(&code);
		quoted_take(&code, buf_span(&letter), to);
		quoted_end(&code, true, to);
	} else {
		buf_add_text(to, "\r\n");
		buf_add_span(to, buf_span(&letter));
	}
	buf_release(&letter);
}

static int
flush(struct buf *part, struct spool *to, struct error *err)
{
	int rc = buf_ok(part) ? spool_add(to, buf_span(part), err)
			      : error_set(err, ERR_INTERNAL, "report too long");

	buf_clear(part);
	return rc;
}

static int
add_status_part(const struct draft *d, struct buf *part, struct spool *to,
    struct error *err)
{
	const struct report *r = d->report;

	buf_printf(part,
	    "\r\n--%s\r\nContent-Type: message/delivery-status\r\n\r\n",
	    d->boundary);
	report_status_message(r, part);
	for (size_t i = 0; i < r->rcpt_count; i++) {
		if (i > 0)
			buf_add_text(part, "\r\n");
		report_status_rcpt(r, &r->rcpt[i], part);
		if (flush(part, to, err) != 0)
			return -1;
	}
	return 0;
}

static int
compose(const struct draft *d, struct buf *part, struct spool *to,
    struct error *err)
{
	add_header(d, part);
	add_human_part(d, part);
	if (flush(part, to, err) != 0 || add_status_part(d, part, to, err) != 0)
		return -1;
	buf_printf(part, "\r\n--%s\r\n", d->boundary);
	if (flush(part, to, err) != 0 ||
	    report_original_add(&d->original, to, err) != 0)
		return -1;
	buf_printf(part, "\r\n--%s--\r\n", d->boundary);
	return flush(part, to, err);
}

int
report_compose(const struct report *r, struct spool *to, bool *eight_bit,
    struct error *err)
{
	struct draft d = {.report = r};
	struct buf part;
	int rc;

	buf_init(&part, 4 * MIB);
	/* "=_" is in no base64 and no quoted-printable; the rest is chance. */
	memcpy(d.boundary, "=_", 2);
	id_new((int64_t)r->now * 1000000, d.boundary + 2);
	/* Of success the header is enough (RFC 3461 4.3). */
	rc = report_original_look(
	    &d.original, r->original, r->full && report_has_failed(r), err);
	*eight_bit = d.original.form == REPORT_FULL_8BIT;
	if (rc == 0)
		rc = compose(&d, &part, to, err);
	report_original_release(&d.original);
	buf_release(&part);
	return rc;
}
