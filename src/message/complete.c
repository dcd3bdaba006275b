/* SPDX-License-Identifier: ISC */
/* Completing a header block. */
#include "message/complete.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/limits.h"
#include "message/address.h"
#include "message/dkim.h"
#include "message/field.h"
#include "message/header.h"
#include "message/phrase.h"
#include "message/resent.h"
#include "message/singles.h"

/* Bcc: RFC 5322 3.6.3. Return-Path is written by the last hop, RFC 5321 4.4. */
static const char *const removed[] = {"Bcc", "Resent-Bcc", "Return-Path"};

bool
complete_removes(struct span name)
{
	for (size_t i = 0; i < sizeof removed / sizeof removed[0]; i++)
		if (span_is_nocase(name, removed[i]))
			return true;
	return false;
}

/* So that From fits into a line (RFC 5322 2.1.1), with room to spare. */
#define FULL_NAME_MAX 256

static void
add_from(const struct completion *c, struct buf *to)
{
	struct span name = span_of(c->full_name);

	buf_add_text(to, "From: ");
	if (name.len == 0 || name.len > FULL_NAME_MAX) {
		buf_printf(to, "%s\r\n", c->sender);
		return;
	}
	phrase_add_name(name, to);
	buf_printf(to, " <%s>\r\n", c->sender);
}

/* Of signed fields a receiver counts, so a signed message gets none; but the
 * next hop of one that came by SMTP, where that breaks no signature. */
static bool
may_add_received(struct span head, const struct completion *c)
{
	struct error ignored;
	struct buf more;
	bool may;

	if (!dkim_is_signed(head))
		return c->hop || c->received != RECEIVED_NONE;
	if (!c->hop)
		return false;
	buf_init(&more, 2 * HEADER_BLOCK_MAX);
	buf_add_text(&more, "Received: x\r\n");
	buf_add_span(&more, head);
	may = dkim_check(head, buf_span(&more), &ignored) == 0;
	buf_release(&more);
	return may;
}

/* RFC 5321 4.4: in front of all others. */
static void
add_received(struct span head, const struct completion *c, struct buf *to,
    struct mends *log)
{
	char text[CLOCK_TEXT_SIZE];

	if (!may_add_received(head, c))
		return;
	clock_rfc5322((time_t)(c->now_us / 1000000), text);
	buf_printf(to, "Received: by %s (pillarbox", c->host_name);
	if (c->received == RECEIVED_USER)
		buf_printf(to, ", from userid %lu", (unsigned long)c->uid);
	buf_printf(to, ");\r\n %s\r\n", text);
	mends_add(log, c->hop
			   ? "Received: added, since it comes by SMTP"
			   : "Received: added, the configuration asks for it");
}

/* RFC 5321 6.3. */
static int
check_hops(struct span head, struct error *err)
{
	size_t hops = 0;
	struct field f;

	while (header_next(&head, &f))
		hops += span_is_nocase(f.name, "Received");
	if (hops <= RECEIVED_MAX)
		return 0;
	return error_set(err, ERR_LOOP,
	    "the message goes round: it has %zu Received fields (%d at most); "
	    "is a relay this host itself?",
	    hops, RECEIVED_MAX);
}

/* A field that is missing is added at the end. */
static void
add_missing(struct span head, const struct completion *c, struct buf *to,
    struct mends *log)
{
	char text[CLOCK_TEXT_SIZE], id[ENTRY_ID_SIZE];
	struct field f;

	if (!header_find(head, "Date", &f)) {
		clock_rfc5322((time_t)(c->now_us / 1000000), text);
		buf_printf(to, "Date: %s\r\n", text);
		mends_add(log, "Date: added, there was none");
	}
	if (!header_find(head, "From", &f)) {
		add_from(c, to);
		mends_add(log, "From: added, there was none");
	}
	/* Without it no reader need heed the others (RFC 2045 4). */
	if (!header_find(head, "MIME-Version", &f) &&
	    (header_find(head, "Content-Type", &f) ||
		header_find(head, "Content-Transfer-Encoding", &f))) {
		buf_add_text(to, "MIME-Version: 1.0\r\n");
		mends_add(log, "MIME-Version: added, there was none");
	}
	if (!header_find(head, "Message-ID", &f)) {
		id_new(c->now_us, id);
		buf_printf(to, "Message-ID: <%s@%s>\r\n", id, c->host_name);
		mends_add(log, "Message-ID: added, there was none");
	}
}

/* RFC 5322 3.6.2: of several authors one sends. */
static void
add_sender(struct span head, const struct completion *c, struct buf *to,
    struct mends *log)
{
	struct address_list authors = {0};
	struct error ignored;
	struct field f;

	if (header_find(head, "Sender", &f) || !header_find(head, "From", &f))
		return;
	if (address_parse_list(f.body, &authors, &ignored) == 0 &&
	    authors.count > 1) {
		buf_printf(to, "Sender: %s\r\n", c->sender);
		mends_add(log, "Sender: added, From names several");
	}
	address_list_release(&authors);
}

/* RFC 5322 3.6.6: what a block of Resent- fields must have. */
static void
add_resent(struct span block, const struct completion *c, struct buf *to,
    struct mends *log)
{
	char text[CLOCK_TEXT_SIZE], id[ENTRY_ID_SIZE];
	struct field f;

	if (!header_find(block, "Resent-Date", &f)) {
		clock_rfc5322((time_t)(c->now_us / 1000000), text);
		buf_printf(to, "Resent-Date: %s\r\n", text);
		mends_add(log, "Resent-Date: added, there was none");
	}
	if (!header_find(block, "Resent-From", &f)) {
		buf_printf(to, "Resent-From: %s\r\n", c->sender);
		mends_add(log, "Resent-From: added, there was none");
	}
	if (!header_find(block, "Resent-Message-ID", &f)) {
		id_new(c->now_us, id);
		buf_printf(
		    to, "Resent-Message-ID: <%s@%s>\r\n", id, c->host_name);
		mends_add(log, "Resent-Message-ID: added, there was none");
	}
}

static int
mend_fields(struct span head, const struct completion *c, struct buf *to,
    struct mends *log, struct error *err)
{
	struct span block;
	struct field f;

	resent_block(head, &block);
	while (header_next(&head, &f)) {
		if (f.whole.at == block.at)
			add_resent(block, c, to, log);
		if (complete_removes(f.name))
			mends_add(log, "%.*s: removed, it never leaves a host",
			    SPAN_ARG(f.name));
		else if (field_mend(&f, to, log, err) != 0)
			return -1;
	}
	return 0;
}

int
complete_header(struct span head, const struct completion *c, struct buf *to,
    struct mends *log, struct error *err)
{
	struct span sound;
	struct buf singles;
	size_t start = to->len;
	int rc;

	if (check_hops(head, err) != 0)
		return -1;
	buf_init(&singles, 4 * HEADER_BLOCK_MAX);
	add_received(head, c, to, log);
	rc = singles_apply(head, c, &singles, log, err);
	sound = buf_span(&singles);
	if (rc == 0)
		rc = mend_fields(sound, c, to, log, err);
	if (rc == 0) {
		add_sender(sound, c, to, log);
		add_missing(sound, c, to, log);
	}
	buf_release(&singles);
	return rc == 0 ? dkim_check(head, span_from(buf_span(to), start), err)
		       : -1;
}
