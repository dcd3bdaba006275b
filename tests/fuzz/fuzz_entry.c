/* SPDX-License-Identifier: ISC */
/*
 * A file of the queue: head and records, as whoever can write there may have
 * made them. The message between the two is left out of the input.
 */
#include "strict.h"

#include "base/checksum.h"
#include "queue/entry.h"
#include "target.h"

#include <stdio.h>

/* What will stand in a command of SMTP. */
static void
check_word(const char *word, struct span head)
{
	for (const char *at = word; at != NULL && *at != '\0'; at++)
		strict_must((unsigned char)*at >= 0x20 && *at != 0x7f,
		    "a control character in the envelope", head);
}

static void
check_envelope(const struct envelope *envelope, struct span head)
{
	check_word(envelope->sender, head);
	check_word(envelope->ret, head);
	check_word(envelope->envid, head);
	for (size_t i = 0; i < envelope->rcpt_count; i++) {
		check_word(envelope->rcpt[i].address, head);
		check_word(envelope->rcpt[i].notify, head);
		check_word(envelope->rcpt[i].orcpt, head);
	}
}

/* Written and read again it says the same, and a listing sees the same. */
static void
check_again(const struct entry *e, bool stamped, struct span head)
{
	struct error err = {0};
	struct buf once, twice;
	struct entry again;
	int64_t size;
	uid_t uid;

	buf_init(&once, ENTRY_HEAD_MAX);
	buf_init(&twice, ENTRY_HEAD_MAX);
	entry_encode(e, stamped, &once);
	strict_must(
	    entry_head_length(buf_span(&once)) == once.len &&
		entry_decode(&again, stamped, buf_span(&once), &err) == 0,
	    "a head that cannot be read again", head);
	entry_encode(&again, stamped, &twice);
	strict_must(
	    once.len == twice.len && memcmp(once.at, twice.at, once.len) == 0,
	    "a head that is read in two ways", head);
	if (stamped && e->uid != (uid_t)-1)
		strict_must(entry_glance(head, &uid, &size) && uid == e->uid &&
				size == e->size,
		    "a head that a listing reads otherwise", head);
	entry_release(&again);
	buf_release(&twice);
	buf_release(&once);
}

/* A record that was read is written so that it reads the same. */
static void
check_record(const struct record *r, struct span line)
{
	struct record again;
	struct buf text;

	if (r->event >= EVENT_UNKNOWN)
		return;
	buf_init(&text, 4 * KIB);
	record_encode(r, &text);
	strict_must(text.len > 0 && text.at[text.len - 1] == '\n' &&
			memchr(text.at, '\n', text.len - 1) == NULL &&
			record_decode(span(text.at, text.len - 1), &again),
	    "a record that cannot be read again", line);
	strict_must(again.when == r->when && again.event == r->event &&
			again.rcpt == r->rcpt &&
			strcmp(again.relay, r->relay) == 0 &&
			strcmp(again.text, r->text) == 0,
	    "a record that is read in two ways", line);
	buf_release(&text);
}

/* Everything up to the last whole record counts, and nothing behind it. */
static void
check_records(struct entry *e, struct span text, bool all)
{
	size_t whole = entry_apply_all(e, text);
	struct span rest = text, line;
	struct record r;

	strict_must(
	    whole <= text.len && (whole == 0 || text.at[whole - 1] == '\n'),
	    "records that end nowhere", text);
	strict_must(!all || whole == text.len, "a record passed over", text);
	strict_must(entry_count(e, RCPT_WAITING) +
			    entry_count(e, RCPT_DELIVERED) +
			    entry_count(e, RCPT_REFUSED) +
			    entry_count(e, RCPT_EXPIRED) ==
			e->envelope.rcpt_count,
	    "a recipient in no state", text);
	while (span_cut(&rest, '\n', &line))
		if (record_decode(line, &r))
			check_record(&r, line);
}

/* The same lines, each with a checksum that fits. */
static void
sign(struct span text, struct buf *to)
{
	struct span line;

	while (span_cut(&text, '\n', &line)) {
		buf_add(to, line.at, line.len);
		buf_printf(to, "\t%08X\n", checksum(line));
	}
}

static void
check_entry(struct span head, bool stamped, struct span records)
{
	struct error err = {0};
	struct buf signed_too;
	struct entry e;

	if (entry_decode(&e, stamped, head, &err) != 0) {
		strict_must(err.kind == ERR_DATA && err.text[0] != '\0',
		    "an error without words", head);
		return;
	}
	check_envelope(&e.envelope, head);
	check_again(&e, stamped, head);
	buf_init(&signed_too, ENTRY_RECORDS_MAX);
	sign(records, &signed_too);
	check_records(&e, records, false);
	check_records(&e, buf_span(&signed_too), true);
	buf_release(&signed_too);
	entry_release(&e);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = span((const char *)data, size), head;
	size_t length = entry_head_length(text);
	int64_t octets;
	uid_t uid;

	head = span(text.at, length > 0 ? length : text.len);
	text = span_from(text, head.len);
	check_entry(head, true, text);
	check_entry(head, false, text);
	if (entry_glance(head, &uid, &octets))
		strict_must(octets > 0, "a size that cannot be", head);
	return 0;
}
