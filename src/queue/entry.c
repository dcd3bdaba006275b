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
parameter(struct span value)
{
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
	return value.len > 0 && memchr(value.at, ' ', value.len) == NULL &&
	       text_copy(e->relay, sizeof e->relay, value);
}

static bool
take_from(struct entry *e, struct span value)
{
	struct error ignored;
	struct span address;

	if (e->envelope.sender != NULL || !bracketed(value, &address) ||
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
	if (e->envelope.ret != NULL ||
	    (!span_is(value, "FULL") && !span_is(value, "HDRS")))
		return false;
	e->envelope.ret = must_spandup(value);
	return true;
}

static bool
take_envid(struct entry *e, struct span value)
{
	if (e->envelope.envid != NULL)
		return false;
	e->envelope.envid = parameter(value);
	return e->envelope.envid != NULL;
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
	while (span_cut(&value, '\t', &word)) {
		char **field = NULL;

		if (span_starts(word, "NOTIFY="))
			field = &rcpt->notify;
		else if (span_starts(word, "ORCPT="))
			field = &rcpt->orcpt;
		if (field == NULL || *field != NULL)
			return false;
		*field =
		    parameter(span_from(word, field == &rcpt->notify ? 7 : 6));
		if (*field == NULL)
			return false;
	}
	return true;
}

static bool
take_size(struct entry *e, struct span value)
{
	unsigned long long n;

	if (e->size != 0 || !text_number(value, ENTRY_SIZE_MAX, &n) || n == 0)
		return false;
	e->size = (int64_t)n;
	return true;
}

static const struct {
	const char *keyword;
	bool (*take)(struct entry *e, struct span value);
	bool stamp; /* only in a file: the store's own word */
} keywords[] = {
    {"id", take_id, true},
    {"time", take_time, true},
    {"uid", take_uid, true},
    {"relay", take_relay, false},
    {"from", take_from, false},
    {"body", take_body, false},
    {"smtputf8", take_smtputf8, false},
    {"ret", take_ret, false},
    {"envid", take_envid, false},
    {"to", take_to, false},
    {"size", take_size, false},
};

static bool
take_line(struct entry *e, bool stamped, struct span line)
{
	struct span word;

	if (!span_cut(&line, ' ', &word))
		return false;
	for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++)
		if (span_is(word, keywords[i].keyword))
			return (stamped || !keywords[i].stamp) &&
			       keywords[i].take(e, line);
	return false;
}

static int
decode_lines(struct entry *e, bool stamped, struct span head, struct error *err)
{
	struct span line;

	if (!span_cut(&head, '\n', &line) || !span_is(line, FIRST_LINE))
		return error_set(err, ERR_DATA, "not a pillarbox entry");
	while (span_cut(&head, '\n', &line) && line.len > 0)
		if (!take_line(e, stamped, line))
			return error_set(err, ERR_DATA,
			    "bad line in the head: %.*s",
			    (int)(line.len < 80 ? line.len : 80), line.at);
	if (head.len != 0 || e->envelope.sender == NULL ||
	    e->envelope.rcpt_count == 0 || e->size == 0 ||
	    (stamped && (e->id[0] == '\0' || e->time == 0)))
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
