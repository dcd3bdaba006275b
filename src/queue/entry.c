/* SPDX-License-Identifier: ISC */
/* Heads of entries, to and from text. */
#include "queue/entry.h"

#include "base/clock.h"
#include "queue/keyword.h"

#include <stdlib.h>

#define FIRST_LINE "pillarbox 1"

void
entry_release(struct entry *e)
{
	if (e->status != NULL)
		for (size_t i = 0; i < e->envelope.rcpt_count; i++)
			free(e->status[i].text);
	free(e->status);
	free(e->trouble);
	envelope_release(&e->envelope);
	*e = (struct entry){0};
}

static void
encode_recipient(const struct recipient *rcpt, struct buf *to)
{
	buf_printf(to, "to <%s>", rcpt->address);
	if (rcpt->notify != NULL)
		buf_printf(to, "\tNOTIFY=%s", rcpt->notify);
	if (rcpt->orcpt != NULL)
		buf_printf(to, "\tORCPT=%s", rcpt->orcpt);
	buf_add_byte(to, '\n');
}

void
entry_encode(const struct entry *e, bool stamped, struct buf *to)
{
	const struct envelope *envelope = &e->envelope;
	char when[CLOCK_TEXT_SIZE];

	buf_add_text(to, FIRST_LINE "\n");
	if (stamped) {
		clock_utc(e->time, when);
		buf_printf(to, "id %s\ntime %s\nuid %lu\n", e->id, when,
		    (unsigned long)e->uid);
	}
	if (e->relay[0] != '\0')
		buf_printf(to, "relay %s\n", e->relay);
	buf_printf(to, "from <%s>\n", envelope->sender);
	if (envelope->eight_bit)
		buf_add_text(to, "body 8BITMIME\n");
	if (envelope->utf8)
		buf_add_text(to, "smtputf8 yes\n");
	if (envelope->require_tls)
		buf_add_text(to, "requiretls yes\n");
	if (envelope->ret != NULL)
		buf_printf(to, "ret %s\n", envelope->ret);
	if (envelope->envid != NULL)
		buf_printf(to, "envid %s\n", envelope->envid);
	for (size_t i = 0; i < envelope->rcpt_count; i++)
		encode_recipient(&envelope->rcpt[i], to);
	buf_printf(to, "size %lld\n\n", (long long)e->size);
}

size_t
entry_head_length(struct span text)
{
	const char *at = text.at, *end = text.at + text.len;

	/* Heads are short lines: memmem(3) takes longer to begin. */
	while ((at = memchr(at, '\n', (size_t)(end - at))) != NULL)
		if (++at < end && *at == '\n')
			return (size_t)(at - text.at) + 1;
	return 0;
}

static int
decode_lines(struct entry *e, bool stamped, struct span head, struct error *err)
{
	struct span line;
	unsigned seen = 0;

	if (!span_cut(&head, '\n', &line) || !span_is(line, FIRST_LINE))
		return error_set(err, ERR_DATA, "not a pillarbox entry");
	while (span_cut(&head, '\n', &line) && line.len > 0)
		if (!keyword_take(e, stamped, line, &seen))
			return error_set(err, ERR_DATA,
			    "bad line in the head: %.*s",
			    (int)(line.len < 80 ? line.len : 80), line.at);
	/* The empty line is there, and nothing behind it. */
	if (line.len > 0 || head.len > 0 || !keyword_is_whole(stamped, seen))
		return error_set(err, ERR_DATA, "the head is not whole");
	return 0;
}

void
entry_begin(struct entry *e)
{
	size_t room = 1; /* as must_grow() has it */

	e->named = e->envelope.rcpt_count;
	while (room < e->named)
		room *= 2;
	e->status = must_calloc(room, sizeof e->status[0]);
	for (size_t i = 0; i < e->named; i++)
		e->status[i].alias = RCPT_NONE;
}

int
entry_decode(struct entry *e, bool stamped, struct span head, struct error *err)
{
	*e = (struct entry){0};
	if (decode_lines(e, stamped, head, err) != 0) {
		entry_release(e);
		return -1;
	}
	entry_begin(e);
	return 0;
}

bool
entry_glance(struct span head, uid_t *uid, int64_t *size)
{
	struct entry e = {.uid = (uid_t)-1};
	unsigned seen = 0;
	struct span line;

	if (!span_cut(&head, '\n', &line) || !span_is(line, FIRST_LINE))
		return false;
	/* Neither keyword allocates, so that e needs no release. */
	while (span_cut(&head, '\n', &line))
		if ((span_starts(line, "uid ") || span_starts(line, "size ")) &&
		    !keyword_take(&e, true, line, &seen))
			return false;
	*uid = e.uid;
	*size = e.size;
	return e.uid != (uid_t)-1 && e.size > 0;
}
