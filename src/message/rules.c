/* SPDX-License-Identifier: ISC */
/* What is wanted of single fields. */
#include "message/rules.h"

#include "base/buf.h"
#include "base/limits.h"
#include "message/address.h"
#include "message/date.h"
#include "message/lexeme.h"

static enum sound
check_filled(struct span body)
{
	return span_trim(body).len > 0 ? SOUND : SOUND_EMPTY;
}

static enum sound
check_any(struct span body)
{
	(void)body;
	return SOUND;
}

static size_t
count_mailboxes(struct span body, bool *parses)
{
	struct address_list list = {0};
	struct error ignored;
	size_t n;

	*parses = address_parse_list(body, &list, &ignored) == 0;
	n = list.count;
	address_list_release(&list);
	return n;
}

/* Scripts write "From: Backup of web1": that is a name. What has an "@" and
 * cannot be read is nobody we could name. */
static enum sound
check_author(struct span body)
{
	bool parses;
	size_t n = count_mailboxes(body, &parses);

	if (parses)
		return n > 0 ? SOUND : SOUND_EMPTY;
	return memchr(body.at, '@', body.len) == NULL ? SOUND_NAME
						      : SOUND_REFUSE;
}

static enum sound
check_sender(struct span body)
{
	bool parses;

	return count_mailboxes(body, &parses) == 1 ? SOUND : SOUND_EMPTY;
}

static enum sound
check_list(struct span body)
{
	bool parses;

	count_mailboxes(body, &parses);
	return parses ? check_filled(body) : SOUND_REPLACE;
}

static enum sound
check_date(struct span body)
{
	struct buf date;
	bool found;

	if (span_trim(body).len == 0)
		return SOUND_EMPTY;
	buf_init(&date, TEXT_LINE_MAX);
	found = date_find(body, &date);
	buf_release(&date);
	return found ? SOUND : SOUND_REPLACE;
}

/* RFC 5322 3.6.4, as readers take it: one word in brackets, and perhaps
 * comments behind. */
static enum sound
check_id(struct span body)
{
	struct span all = span_trim(body), id = span(all.at, lexeme_core(all));
	bool commented = id.len < all.len;
	bool brackets =
	    id.len > 2 && id.at[0] == '<' && id.at[id.len - 1] == '>';

	if (all.len == 0)
		return SOUND_EMPTY;
	if (commented && (!brackets || all.at[all.len - 1] != ')'))
		return SOUND_REPLACE;
	if (brackets)
		id = span(id.at + 1, id.len - 2);
	for (size_t i = 0; i < id.len; i++)
		if (id.at[i] <= ' ' || id.at[i] >= 0x7f || id.at[i] == '<' ||
		    id.at[i] == '>')
			return SOUND_REPLACE;
	if (brackets)
		return SOUND;
	return memchr(id.at, '@', id.len) != NULL ? SOUND_BRACKETS
						  : SOUND_REPLACE;
}

static const struct rule rules[] = {
    {"From", REPEATED_EQUAL, check_author, true},
    {"Sender", REPEATED_EQUAL, check_sender, true},
    {"Reply-To", REPEATED_MERGE, check_list, true},
    {"To", REPEATED_MERGE, check_list, true},
    {"Cc", REPEATED_MERGE, check_list, true},
    {"Date", REPEATED_FIRST, check_date, false},
    {"Message-ID", REPEATED_FIRST, check_id, false},
    {"In-Reply-To", REPEATED_FIRST, check_filled, false},
    {"References", REPEATED_FIRST, check_filled, false},
    {"Subject", REPEATED_EQUAL, check_any, false},
    {"MIME-Version", REPEATED_FIRST, check_filled, false},
    {"Content-Type", REPEATED_EQUAL, check_filled, false},
    {"Content-Transfer-Encoding", REPEATED_EQUAL, check_filled, false},
    {"Content-ID", REPEATED_FIRST, check_filled, false},
    {"Content-Description", REPEATED_FIRST, check_any, false},
    {"Content-Disposition", REPEATED_FIRST, check_filled, false},
};

const struct rule *
rule_find(struct span name)
{
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
		if (span_is_nocase(name, rules[i].name))
			return &rules[i];
	return NULL;
}
