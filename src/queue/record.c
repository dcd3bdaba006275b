/* SPDX-License-Identifier: ISC */
/* Outcome records: TIME EVENT RCPT RELAY TEXT <tab> CRC. */
#include "queue/record.h"

#include "base/checksum.h"
#include "base/clock.h"
#include "base/text.h"

#define CRC_DIGITS 8

static const char *const names[EVENT_COUNT] = {
    [EVENT_ATTEMPT] = "attempt",
    [EVENT_DELIVERED] = "delivered",
    [EVENT_REFUSED] = "refused",
    [EVENT_DEFERRED] = "deferred",
    [EVENT_IN_DOUBT] = "in-doubt",
    [EVENT_HELD] = "held",
    [EVENT_RELEASED] = "released",
    [EVENT_EXPIRED] = "expired",
    [EVENT_WARNED] = "warned",
    [EVENT_BOUNCED] = "bounced",
    [EVENT_RELAYED] = "relayed",
    [EVENT_ALIASED] = "aliased",
    [EVENT_EXPANDED] = "expanded",
    [EVENT_DROPPED] = "dropped",
};

const char *
event_name(enum event event)
{
	return names[event];
}

void
record_set(struct record *r, enum event event, size_t rcpt, const char *relay,
    const char *text)
{
	*r = (struct record){.when = clock_now(), .event = event, .rcpt = rcpt};
	text_copy_printable(
	    r->relay, sizeof r->relay, span_of(relay != NULL ? relay : ""));
	text_copy_printable(
	    r->text, sizeof r->text, span_of(text != NULL ? text : ""));
}

void
record_encode(const struct record *r, struct buf *to)
{
	char when[CLOCK_TEXT_SIZE];
	size_t start = to->len;
	struct span line;

	clock_utc(r->when, when);
	buf_printf(to, "%s %s ", when, names[r->event]);
	if (r->rcpt == RCPT_NONE)
		buf_add_byte(to, '-');
	else
		buf_printf(to, "%zu", r->rcpt + 1);
	buf_printf(to, " %s %s", r->relay[0] ? r->relay : "-", r->text);
	if (!buf_ok(to))
		return;
	line = span_from(buf_span(to), start);
	buf_printf(to, "\t%0*X\n", CRC_DIGITS, checksum(line));
}

static bool
checksum_fits(struct span line, struct span digits)
{
	uint32_t rest = checksum(line);

	for (size_t i = CRC_DIGITS; i > 0; i--, rest >>= 4)
		if (digits.at[i - 1] != "0123456789ABCDEF"[rest & 0xf])
			return false;
	return true;
}

static enum event
event_of(struct span word)
{
	for (size_t i = 0; i < EVENT_COUNT; i++)
		if (span_is(word, names[i]))
			return (enum event)i;
	return EVENT_UNKNOWN;
}

static bool
decode_rcpt(struct span word, size_t *rcpt)
{
	unsigned long long n;

	if (span_is(word, "-")) {
		*rcpt = RCPT_NONE;
		return true;
	}
	if (!text_number(word, ENTRY_RCPT_MAX, &n) || n == 0)
		return false;
	*rcpt = (size_t)n - 1;
	return true;
}

/* TIME EVENT RCPT RELAY TEXT; false when it is anything else. */
static bool
decode_words(struct span line, struct record *r)
{
	struct span when, event, rcpt, relay;

	if (!span_cut(&line, ' ', &when) || !span_cut(&line, ' ', &event) ||
	    !span_cut(&line, ' ', &rcpt) || !span_cut(&line, ' ', &relay))
		return false;
	r->when = clock_parse_utc(when);
	r->event = event_of(event);
	if (span_is(relay, "-"))
		relay.len = 0;
	text_copy_printable(r->text, sizeof r->text, line);
	return r->when != -1 && decode_rcpt(rcpt, &r->rcpt) &&
	       text_copy(r->relay, sizeof r->relay, relay);
}

bool
record_decode(struct span line, struct record *r)
{
	struct span digits;

	if (line.len < CRC_DIGITS + 1 ||
	    line.at[line.len - CRC_DIGITS - 1] != '\t')
		return false;
	digits = span_from(line, line.len - CRC_DIGITS);
	line.len -= CRC_DIGITS + 1;
	if (!checksum_fits(line, digits))
		return false;
	*r = (struct record){0};
	if (!decode_words(line, r))
		*r = (struct record){.event = EVENT_UNKNOWN, .rcpt = RCPT_NONE};
	return true;
}
