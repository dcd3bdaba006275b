/* SPDX-License-Identifier: ISC */
/* What every report must be. */
#include "strict_report.h"

#include "strict.h"

#include "message/address.h"
#include "message/wire.h"

#include <stdio.h>

static bool
begins_field(struct span line)
{
	static const char *const names[] = {"Reporting-MTA: dns; ",
	    "Original-Envelope-Id: ", "Arrival-Date: ", "Original-Recipient: ",
	    "Final-Recipient: ", "Action: ", "Status: ", "Remote-MTA: dns; ",
	    "Diagnostic-Code: ", "Last-Attempt-Date: ", "Will-Retry-Until: "};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (span_starts(line, names[i]))
			return true;
	return false;
}

/* Fields that we know, folded or not, and each as often as it must be: no word
 * of anybody else's has become one. */
static void
check_status(struct span part, const struct report *r)
{
	size_t groups = 0, recipients = 0, actions = 0, codes = 0;
	struct span rest = part, line;
	bool empty = true;

	strict_must(!wire_is_eight_bit(part), "8-bit in the status", part);
	while (span_cut(&rest, '\n', &line)) {
		bool was_empty = empty;

		empty = span_is(line, "\r");
		groups += was_empty && !empty;
		recipients += span_starts(line, "Final-Recipient: ");
		actions += span_starts(line, "Action: ");
		codes += span_starts(line, "Status: ");
		strict_must(empty || begins_field(line) ||
				(!was_empty && span_starts(line, " ")),
		    "a line of the status that is no field", part);
	}
	strict_must(groups == r->rcpt_count + 1, "groups of fields", part);
	strict_must(recipients == r->rcpt_count && actions == r->rcpt_count &&
			codes == r->rcpt_count,
	    "a field of a recipient", part);
}

/* Cuts *rest before the next line that is the delimiter. */
static struct span
take_part(struct span *rest, const char *delimiter)
{
	struct span all = *rest;
	const char *at = memmem(all.at, all.len, delimiter, strlen(delimiter));
	struct span part;

	strict_must(at != NULL, "no delimiter", all);
	part = span(all.at, (size_t)(at - all.at));
	*rest = span_from(all, part.len + strlen(delimiter));
	return part;
}

/* What is behind the empty line of a part. */
static struct span
content_of(struct span part)
{
	const char *at = memmem(part.at, part.len, "\r\n\r\n", 4);

	strict_must(at != NULL, "a part without an end of its fields", part);
	return span_from(part, (size_t)(at - part.at) + 4);
}

static void
check_parts(struct span body, const char *boundary, const struct report *r)
{
	char open[128], close[128];
	struct span part;

	snprintf(open, sizeof open, "--%s\r\n", boundary);
	snprintf(close, sizeof close, "\r\n--%s--\r\n", boundary);
	part = take_part(&body, open);
	strict_must(part.len == 0, "something before the parts", part);
	snprintf(open, sizeof open, "\r\n--%s\r\n", boundary);
	part = take_part(&body, open);
	strict_must(
	    !wire_is_eight_bit(content_of(part)), "an 8-bit letter", part);
	check_status(content_of(take_part(&body, open)), r);
	content_of(take_part(&body, close));
	strict_must(body.len == 0, "something behind the parts", body);
}

/* One Message-ID, whatever the message has there. */
static void
check_reference(struct span head)
{
	struct field f;
	struct span id;

	if (!header_find(head, "References", &f))
		return;
	id = span_trim(f.body);
	strict_must(id.len > 2 && id.at[0] == '<' && id.at[id.len - 1] == '>' &&
			memchr(id.at, ' ', id.len) == NULL,
	    "a reference that is none", head);
}

void
strict_report(struct span all, bool eight_bit, const struct report *r)
{
	bool utf8 = address_is_utf8(span_of(r->sender));
	const char *end, *quote, *mark = " boundary=\"";
	struct span head, body;
	char boundary[80];

	strict_message(all, utf8);
	end = memmem(all.at, all.len, "\r\n\r\n", 4);
	head = span(all.at, (size_t)(end - all.at) + 2);
	body = span_from(all, head.len + 2);
	strict_must(eight_bit || !wire_is_eight_bit(body),
	    "8-bit that is not said", all);
	strict_must(strict_count(head, "To") == 1 &&
			strict_count(head, "Subject") == 1 &&
			strict_count(head, "References") <= 1 &&
			strict_count(head, "Content-Type") == 1 &&
			strict_count(head, "Auto-Submitted") == 1,
	    "a field that is not there once", head);
	check_reference(head);
	quote = memmem(head.at, head.len, mark, strlen(mark));
	strict_must(quote != NULL, "no boundary", head);
	snprintf(boundary, sizeof boundary, "%.*s",
	    (int)strcspn(quote + strlen(mark), "\""), quote + strlen(mark));
	check_parts(body, boundary, r);
}
