/* SPDX-License-Identifier: ISC */
/* NOTIFY, RET and ENVID. */
#include "message/dsn.h"

#include "base/buf.h"
#include "base/limits.h"
#include "message/address.h"
#include "message/atom.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* RFC 3461 4.1; as they are written, in this order. */
static const char *const events[] = {"SUCCESS", "FAILURE", "DELAY"};

#define EVENT_COUNT (sizeof events / sizeof events[0])

static bool
note_event(struct span word, unsigned *asked)
{
	for (size_t i = 0; i < EVENT_COUNT; i++)
		if (span_is_nocase(word, events[i])) {
			*asked |= 1U << i;
			return true;
		}
	return false;
}

/* True: text is as it stands in an envelope. */
static bool
read_notify(struct span value, struct buf *text)
{
	struct span word;
	unsigned asked = 0;

	if (span_is_nocase(value, "NEVER")) {
		buf_add_text(text, "NEVER");
		return true;
	}
	while (span_cut(&value, ',', &word))
		if (!note_event(span_trim(word), &asked))
			return false;
	for (size_t i = 0; i < EVENT_COUNT; i++)
		if ((asked & 1U << i) != 0)
			buf_printf(
			    text, "%s%s", text->len > 0 ? "," : "", events[i]);
	return asked != 0;
}

/* RFC 3461 4: printable ASCII, and others as "+" and two hexadecimal digits. */
static bool
is_xtext(struct span value, size_t max)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < value.len; i++) {
		char c = value.at[i];

		if (c <= ' ' || c > '~' || c == '=')
			return false;
		if (c != '+')
			continue;
		if (value.len - i < 3 ||
		    memchr(digits, value.at[i + 1], 16) == NULL ||
		    memchr(digits, value.at[i + 2], 16) == NULL)
			return false;
		i += 2;
	}
	return value.len > 0 && value.len <= max;
}

char *
dsn_notify(struct span value)
{
	struct buf text;
	char *good = NULL;

	buf_init(&text, NOTIFY_MAX);
	if (read_notify(value, &text))
		good = must_strdup(buf_text(&text));
	buf_release(&text);
	return good;
}

/* A type, which is an atom, and the address as it was written. */
char *
dsn_orcpt(struct span value)
{
	struct span rest = value, type;

	if (value.len > ORCPT_MAX || !span_cut(&rest, ';', &type) ||
	    type.len == 0 || !is_xtext(rest, ORCPT_MAX))
		return NULL;
	for (size_t i = 0; i < type.len; i++)
		if (!atom_is_char(type.at[i]) ||
		    (unsigned char)type.at[i] > '~')
			return NULL;
	return must_spandup(value);
}

char *
dsn_orcpt_of(const char *address)
{
	char *good;
	struct buf text;

	buf_init(&text, ORCPT_MAX + 1);
	buf_add_text(&text, "rfc822;");
	for (const char *c = address; *c != '\0'; c++)
		if (*c <= ' ' || *c > '~' || *c == '+' || *c == '=')
			buf_printf(&text, "+%02X", (unsigned char)*c);
		else
			buf_add_byte(&text, *c);
	good = buf_ok(&text) && !address_is_utf8(span_of(address))
		   ? dsn_orcpt(buf_span(&text))
		   : NULL;
	buf_release(&text);
	return good;
}

char *
dsn_ret(struct span value)
{
	if (span_is_nocase(value, "FULL"))
		return must_strdup("FULL");
	return span_is_nocase(value, "HDRS") ? must_strdup("HDRS") : NULL;
}

char *
dsn_envid(struct span value)
{
	return is_xtext(value, ENVID_MAX) ? must_spandup(value) : NULL;
}

static int
set_notify(struct envelope *e, const char *notify, struct error *err)
{
	char *good = dsn_notify(span_of(notify));

	if (good == NULL)
		return error_set(err, ERR_USAGE,
		    "-N %s: never, or some of success, failure and "
		    "delay, with commas between them",
		    notify);
	for (size_t i = 0; i < e->rcpt_count; i++)
		e->rcpt[i].notify = must_strdup(good);
	free(good);
	return 0;
}

int
dsn_request(struct envelope *e, const char *notify, const char *ret,
    const char *envid, struct error *err)
{
	if (notify != NULL && set_notify(e, notify, err) != 0)
		return -1;
	if (ret != NULL && (e->ret = dsn_ret(span_of(ret))) == NULL)
		return error_set(err, ERR_USAGE, "-R %s: full or hdrs", ret);
	if (envid != NULL && (e->envid = dsn_envid(span_of(envid))) == NULL)
		return error_set(err, ERR_USAGE,
		    "-V %s: up to %d printable characters without blanks and "
		    "\"=\", others as \"+\" and two hexadecimal digits",
		    envid, ENVID_MAX);
	return 0;
}

bool
dsn_wants(const char *notify, const char *word)
{
	struct span rest, one;

	if (notify == NULL)
		return strcmp(word, "SUCCESS") != 0;
	rest = span_of(notify);
	while (span_cut(&rest, ',', &one))
		if (span_is_nocase(one, word))
			return true;
	return false;
}
