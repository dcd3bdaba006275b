/* SPDX-License-Identifier: ISC */
/* What a report says to machines. */
#include "message/report_status.h"

#include "base/clock.h"
#include "base/text.h"
#include "message/address.h"
#include "message/enhanced_code.h"
#include "message/report_text.h"

#include <stdio.h>

static void
add_address(const char *name, const char *address, struct buf *to)
{
	bool utf8 = address_is_utf8(span_of(address));

	buf_printf(to, "%s: %s; ", name, utf8 ? "utf-8" : "rfc822");
	report_ascii(span_of(address), utf8 ? "+=\\" : "", to);
	buf_add_text(to, "\r\n");
}

/* The address type utf-8 has an encoding of its own (RFC 6533 3), which may
 * stand as it came. */
static void
add_original_recipient(const char *orcpt, struct buf *to)
{
	struct span rest = span_of(orcpt), type;

	if (!span_cut(&rest, ';', &type) || type.len == 0 || rest.len == 0)
		return;
	buf_printf(to, "Original-Recipient: %.*s; ", SPAN_ARG(type));
	if (span_is_nocase(type, "utf-8"))
		buf_add_span(to, rest);
	else
		report_xtext(rest, to);
	buf_add_text(to, "\r\n");
}

static void
add_date(const char *name, time_t when, struct buf *to)
{
	char text[CLOCK_TEXT_SIZE];

	if (when == 0)
		return;
	clock_rfc5322(when, text);
	buf_printf(to, "%s: %s\r\n", name, text);
}

void
report_status_message(const struct report *r, struct buf *to)
{
	buf_printf(to, "Reporting-MTA: dns; %s\r\n", r->host_name);
	if (r->envid != NULL) {
		buf_add_text(to, "Original-Envelope-Id: ");
		report_xtext(span_of(r->envid), to);
		buf_add_text(to, "\r\n");
	}
	add_date("Arrival-Date", r->arrival, to);
	buf_add_text(to, "\r\n");
}

/* Does text begin with the code of a reply? */
static bool
is_reply(const char *text)
{
	return text[0] >= '2' && text[0] <= '5' && text_is_digit(text[1]) &&
	       text_is_digit(text[2]) && !text_is_digit(text[3]);
}

/* Basic codes that mean one thing alone (RFC 5321 4.2.3). */
static const char *
basic_code(const char *text)
{
	if (strncmp(text, "421", 3) == 0)
		return "4.3.2";
	if (strncmp(text, "452", 3) == 0)
		return "4.3.1";
	if (strncmp(text, "552", 3) == 0)
		return "5.2.2";
	return text[0] == '4' ? "4.0.0" : "5.0.0";
}

void
report_status_code(const struct report *r, const struct report_rcpt *rcpt,
    char to[REPORT_STATUS_SIZE])
{
	char class = rcpt->success != NULL ? '2' : r->delayed ? '4' : '5';
	const char *code = class == '2' ? "2.0.0"
			   : r->delayed ? "4.0.0"
					: "5.0.0";
	struct span enhanced = span("", 0);

	if (rcpt->expired)
		code = "4.4.7";
	else if (is_reply(rcpt->text) && rcpt->text[0] == class && class != '2')
		code = basic_code(rcpt->text);
	if (!rcpt->expired && is_reply(rcpt->text) && rcpt->text[0] == class &&
	    rcpt->text[3] == ' ')
		enhanced = enhanced_code(span_of(rcpt->text + 4), class);
	if (enhanced.len > 0)
		snprintf(to, REPORT_STATUS_SIZE, "%.*s", SPAN_ARG(enhanced));
	else
		snprintf(to, REPORT_STATUS_SIZE, "%s", code);
}

static void
add_diagnostic(const struct report_rcpt *rcpt, struct buf *to)
{
	const char *type = is_reply(rcpt->text) ? "smtp;" : "X-Pillarbox;";
	struct buf text;

	if (rcpt->text[0] == '\0')
		return;
	buf_init(&text, 16 * strlen(rcpt->text));
	report_ascii(span_of(rcpt->text), "", &text);
	buf_printf(to, "Diagnostic-Code: %s ", type);
	report_wrap(buf_span(&text), 24, " ", to);
	buf_add_text(to, "\r\n");
	buf_release(&text);
}

void
report_status_rcpt(
    const struct report *r, const struct report_rcpt *rcpt, struct buf *to)
{
	char code[REPORT_STATUS_SIZE];

	report_status_code(r, rcpt, code);
	if (rcpt->orcpt != NULL)
		add_original_recipient(rcpt->orcpt, to);
	add_address("Final-Recipient", rcpt->address, to);
	buf_printf(to, "Action: %s\r\nStatus: %s\r\n",
	    rcpt->success != NULL ? rcpt->success
	    : r->delayed          ? "delayed"
				  : "failed",
	    code);
	if (rcpt->remote != NULL)
		buf_printf(to, "Remote-MTA: dns; %s\r\n", rcpt->remote);
	add_diagnostic(rcpt, to);
	add_date("Last-Attempt-Date", rcpt->last_attempt, to);
	if (r->delayed)
		add_date("Will-Retry-Until", r->retry_until, to);
}
