/* SPDX-License-Identifier: ISC */
/* What a report says to a person. */
#include "message/report_letter.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "message/report_text.h"
#include "message/utf8.h"

/* Text for a person: characters stay, what is none becomes "?". */
static void
add_words(const char *text, size_t column, struct buf *to)
{
	struct span rest = span_of(text);
	struct buf clean;

	buf_init(&clean, rest.len + 1);
	while (rest.len > 0) {
		size_t n = utf8_length(rest);

		if (n == 1 && (text_is_control(rest.at[0]) ||
				  (unsigned char)rest.at[0] >= 0x80))
			buf_add_byte(&clean, '?');
		else
			buf_add(&clean, rest.at, n);
		rest = span_from(rest, n);
	}
	report_wrap(buf_span(&clean), column, "        ", to);
	buf_release(&clean);
}

static void
add_recipient(const struct report_rcpt *rcpt, struct buf *to)
{
	size_t line;

	buf_printf(to, "    <%s>\r\n", rcpt->address);
	if (rcpt->expired)
		buf_add_text(
		    to, "        not delivered in time; last heard:\r\n");
	line = to->len;
	buf_add_text(to, "        ");
	if (rcpt->remote != NULL)
		buf_printf(to, "%s: ", rcpt->remote);
	add_words(rcpt->text[0] != '\0' ? rcpt->text : "-", to->len - line, to);
	buf_add_text(to, "\r\n");
}

static size_t
count_successes(const struct report *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->rcpt_count; i++)
		n += r->rcpt[i].success != NULL;
	return n;
}

bool
report_has_failed(const struct report *r)
{
	return count_successes(r) < r->rcpt_count;
}

/* Those who have it, or those who do not. */
static void
add_recipients(const struct report *r, bool success, struct buf *to)
{
	size_t listed = 0, count = count_successes(r);

	if (!success)
		count = r->rcpt_count - count;
	for (size_t i = 0; i < r->rcpt_count && listed < REPORT_LISTED_MAX; i++)
		if ((r->rcpt[i].success != NULL) == success) {
			add_recipient(&r->rcpt[i], to);
			listed++;
		}
	if (listed < count)
		buf_printf(to, "    and %zu more\r\n", count - listed);
	buf_add_text(to, "\r\n");
}

static void
add_successes(const struct report *r, struct buf *to)
{
	buf_add_text(to,
	    "As you asked to be told: it was passed on, and there is nothing "
	    "you\r\nneed to do. What becomes of it there is not told, to:"
	    "\r\n\r\n");
	add_recipients(r, true, to);
}

static void
add_advice(const struct report *r, struct buf *to)
{
	size_t others = r->delivered - count_successes(r);
	char until[CLOCK_TEXT_SIZE];

	if (r->delayed) {
		buf_add_text(to,
		    "There is nothing you need to do. It is kept and tried "
		    "again;\r\n"
		    "if it fails in the end, you will be told.\r\n");
		if (r->retry_until == 0)
			return;
		clock_rfc5322(r->retry_until, until);
		buf_printf(to, "The end is: %s\r\n", until);
		return;
	}
	if (others > 0)
		buf_printf(to,
		    "%zu other%s of its recipients %s got it: do not send it "
		    "to\r\nthem again.\r\n\r\n",
		    others, others == 1 ? "" : "s",
		    others == 1 ? "has" : "have");
	buf_add_text(to,
	    "It is not tried again. Check the address and what the answer "
	    "says;\r\n"
	    "when that is mended, send the message once more. What you sent "
	    "is\r\n"
	    "attached, its header at least.\r\n");
}

void
report_letter(const struct report *r, struct buf *to)
{
	char arrival[CLOCK_TEXT_SIZE];

	clock_rfc5322(r->arrival, arrival);
	buf_printf(to,
	    "This is the mail program (pillarbox) on %s.\r\n\r\n"
	    "Your message of %s\r\n",
	    r->host_name, arrival);
	if (report_has_failed(r)) {
		buf_printf(to, "%s to:\r\n\r\n",
		    r->delayed ? "could not be delivered yet"
			       : "could not be delivered");
		add_recipients(r, false, to);
		add_advice(r, to);
		buf_add_text(to, "\r\n");
	} else {
		buf_add_text(to, "is on its way.\r\n\r\n");
	}
	if (count_successes(r) > 0)
		add_successes(r, to);
	buf_printf(to, "Its name in the queue and the log: %s\r\n", r->about);
}
