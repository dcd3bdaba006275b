/* SPDX-License-Identifier: ISC */
/* The lines of a head: what each keyword may hold. */
#include "queue/keyword.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/text.h"
#include "message/address.h"

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
	    (address.len > 0 && address_check_form(address, &ignored) != 0))
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
take_requiretls(struct entry *e, struct span value)
{
	e->envelope.require_tls = span_is(value, "yes");
	return e->envelope.require_tls;
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
	    address_check_form(address, &ignored) != 0 ||
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

/* Its length is known beforehand: a listing compares some millions of times. */
#define WORD(text)                     \
	{                              \
		text, sizeof(text) - 1 \
	}

static const struct {
	struct span word;
	bool (*take)(struct entry *e, struct span value);
	bool stamp; /* only in a file: the store's own word */
	bool needed;
	bool once;
} keywords[] = {
    {WORD("id"), take_id, true, true, true},
    {WORD("time"), take_time, true, true, true},
    {WORD("uid"), take_uid, true, true, true},
    {WORD("relay"), take_relay, false, false, true},
    {WORD("from"), take_from, false, true, true},
    {WORD("body"), take_body, false, false, true},
    {WORD("smtputf8"), take_smtputf8, false, false, true},
    {WORD("requiretls"), take_requiretls, false, false, true},
    {WORD("ret"), take_ret, false, false, true},
    {WORD("envid"), take_envid, false, false, true},
    {WORD("to"), take_to, false, true, false},
    {WORD("size"), take_size, false, true, true},
};

#define KEYWORD_COUNT (sizeof keywords / sizeof keywords[0])

static bool
is_same(struct span a, struct span b)
{
	return a.len == b.len && a.at[0] == b.at[0] &&
	       memcmp(a.at, b.at, a.len) == 0;
}

bool
keyword_take(struct entry *e, bool stamped, struct span line, unsigned *seen)
{
	struct span word;

	if (!span_cut(&line, ' ', &word))
		return false;
	for (size_t i = 0; i < KEYWORD_COUNT; i++) {
		if (!is_same(word, keywords[i].word))
			continue;
		if ((keywords[i].stamp && !stamped) ||
		    (keywords[i].once && (*seen & 1U << i) != 0))
			return false;
		*seen |= 1U << i;
		return keywords[i].take(e, line);
	}
	return false;
}

bool
keyword_is_whole(bool stamped, unsigned seen)
{
	for (size_t i = 0; i < KEYWORD_COUNT; i++)
		if (keywords[i].needed && (stamped || !keywords[i].stamp) &&
		    (seen & 1U << i) == 0)
			return false;
	return true;
}
