/* SPDX-License-Identifier: ISC */
/* Heads of entries, to and from text. */
#include "queue/entry.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/text.h"
#include "message/address.h"

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
	const char *end = memmem(text.at, text.len, "\n\n", 2);

	return end ? (size_t)(end - text.at) + 2 : 0;
}

/* The address between "<" and ">"; false if they are not there. */
static bool
bracketed(struct span text, struct span *address)
{
	if (text.len < 2 || text.at[0] != '<' || text.at[text.len - 1] != '>')
		return false;
	*address = span(text.at + 1, text.len - 2);
	return true;
}

/* RFC 3461 4: what NOTIFY, ORCPT, RET and ENVID may hold is printable ASCII
 * without blanks. */
static char *
parameter(struct span value, size_t max)
{
	if (value.len > max)
		return NULL;
	for (size_t i = 0; i < value.len; i++)
		if (value.at[i] <= ' ' || value.at[i] >= 0x7f)
			return NULL;
	return value.len > 0 ? must_spandup(value) : NULL;
}

/* One function for each keyword of the head: false on a bad value. */

static bool
take_id(struct entry *e, struct span value)
{
	return id_is_valid(value) && text_copy(e->id, sizeof e->id, value);
}

static bool
take_time(struct entry *e, struct span value)
{
	e->time = clock_parse_utc(value);
	return e->time != -1;
}

static bool
take_uid(struct entry *e, struct span value)
{
	unsigned long long n;

	if (!text_number(value, UINT32_MAX, &n))
		return false;
	e->uid = (uid_t)n;
	return true;
}

static bool
take_relay(struct entry *e, struct span value)
{
	for (size_t i = 0; i < value.len; i++)
		if (value.at[i] <= ' ' || value.at[i] == 0x7f)
			return false;
	return value.len > 0 && text_copy(e->relay, sizeof e->relay, value);
}

static bool
take_from(struct entry *e, struct span value)
{
	struct error ignored;
	struct span address;

	if (!bracketed(value, &address) ||
	    (address.len > 0 && address_check(address, &ignored) != 0))
		return false;
	e->envelope.sender = must_spandup(address);
	return true;
}

static bool
take_body(struct entry *e, struct span value)
{
	e->envelope.eight_bit = span_is(value, "8BITMIME");
	return e->envelope.eight_bit;
}

static bool
take_smtputf8(struct entry *e, struct span value)
{
	e->envelope.utf8 = span_is(value, "yes");
	return e->envelope.utf8;
}

static bool
take_ret(struct entry *e, struct span value)
{
	if (!span_is(value, "FULL") && !span_is(value, "HDRS"))
		return false;
	e->envelope.ret = must_spandup(value);
	return true;
}

static bool
take_envid(struct entry *e, struct span value)
{
	e->envelope.envid = parameter(value, ENVID_MAX);
	return e->envelope.envid != NULL;
}

static bool
take_parameter(struct recipient *rcpt, struct span word)
{
	if (span_starts(word, "NOTIFY=") && rcpt->notify == NULL) {
		rcpt->notify = parameter(span_from(word, 7), NOTIFY_MAX);
		return rcpt->notify != NULL;
	}
	if (span_starts(word, "ORCPT=") && rcpt->orcpt == NULL) {
		rcpt->orcpt = parameter(span_from(word, 6), ORCPT_MAX);
		return rcpt->orcpt != NULL;
	}
	return false;
}

static bool
take_to(struct entry *e, struct span value)
{
	struct span word, address;
	struct recipient *rcpt;
	struct error ignored;

	if (!span_cut(&value, '\t', &word) || !bracketed(word, &address) ||
	    address_check(address, &ignored) != 0 ||
	    envelope_add(&e->envelope, address, &ignored) != 0)
		return false;
	rcpt = &e->envelope.rcpt[e->envelope.rcpt_count - 1];
	while (span_cut(&value, '\t', &word))
		if (!take_parameter(rcpt, word))
			return false;
	return true;
}

static bool
take_size(struct entry *e, struct span value)
{
	unsigned long long n;

	if (!text_number(value, ENTRY_SIZE_MAX, &n) || n == 0)
		return false;
	e->size = (int64_t)n;
	return true;
}

static const struct {
	const char *keyword;
	bool (*take)(struct entry *e, struct span value);
	bool stamp; /* only in a file: the store's own word */
	bool needed;
	bool once;
} keywords[] = {
    {"id", take_id, true, true, true},
    {"time", take_time, true, true, true},
    {"uid", take_uid, true, true, true},
    {"relay", take_relay, false, false, true},
    {"from", take_from, false, true, true},
    {"body", take_body, false, false, true},
    {"smtputf8", take_smtputf8, false, false, true},
    {"ret", take_ret, false, false, true},
    {"envid", take_envid, false, false, true},
    {"to", take_to, false, true, false},
    {"size", take_size, false, true, true},
};

#define KEYWORD_COUNT (sizeof keywords / sizeof keywords[0])

/* Each keyword but "to" stands once; seen has a bit for each that did. */
static bool
take_line(struct entry *e, bool stamped, struct span line, unsigned *seen)
{
	struct span word;

	if (!span_cut(&line, ' ', &word))
		return false;
	for (size_t i = 0; i < KEYWORD_COUNT; i++) {
		if (!span_is(word, keywords[i].keyword))
			continue;
		if ((keywords[i].stamp && !stamped) ||
		    (keywords[i].once && (*seen & 1U << i) != 0))
			return false;
		*seen |= 1U << i;
		return keywords[i].take(e, line);
	}
	return false;
}

/* Are all lines there that must be? */
static bool
is_whole(bool stamped, unsigned seen)
{
	for (size_t i = 0; i < KEYWORD_COUNT; i++)
		if (keywords[i].needed && (stamped || !keywords[i].stamp) &&
		    (seen & 1U << i) == 0)
			return false;
	return true;
}

static int
decode_lines(struct entry *e, bool stamped, struct span head, struct error *err)
{
	struct span line;
	unsigned seen = 0;

	if (head.len == 0 || entry_head_length(head) != head.len ||
	    !span_cut(&head, '\n', &line) || !span_is(line, FIRST_LINE))
		return error_set(err, ERR_DATA, "not a pillarbox entry");
	while (span_cut(&head, '\n', &line) && line.len > 0)
		if (!take_line(e, stamped, line, &seen))
			return error_set(err, ERR_DATA,
			    "bad line in the head: %.*s",
			    (int)(line.len < 80 ? line.len : 80), line.at);
	if (!is_whole(stamped, seen))
		return error_set(err, ERR_DATA, "the head is not whole");
	return 0;
}

int
entry_decode(struct entry *e, bool stamped, struct span head, struct error *err)
{
	*e = (struct entry){0};
	if (decode_lines(e, stamped, head, err) != 0) {
		entry_release(e);
		return -1;
	}
	e->status = must_calloc(e->envelope.rcpt_count, sizeof e->status[0]);
	return 0;
}
