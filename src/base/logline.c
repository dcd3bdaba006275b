/* SPDX-License-Identifier: ISC */
/* Lines of the log. */
#include "base/logline.h"

#include "base/clock.h"
#include "base/logtext.h"

#include <stdarg.h>
#include <stdio.h>

static void __attribute__((format(printf, 2, 3)))
put(struct logline *l, const char *fmt, ...)
{
	size_t room = sizeof l->text - l->len;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(l->text + l->len, room, fmt, ap);
	va_end(ap);
	if (n > 0)
		l->len += (size_t)n < room ? (size_t)n : room - 1;
}

static void
put_value(struct logline *l, enum logtext form, size_t most, const char *value)
{
	struct span s = span_of(value);
	bool cut = s.len > most;

	if (cut)
		s = span(s.at, most);
	l->len +=
	    logtext_escape(l->text + l->len, sizeof l->text - l->len, form, s);
	if (cut)
		put(l, "...");
}

/* The name of the next value, and what parts it from the last. In JSON it can
 * be used by jq as it is. */
static void
put_name(struct logline *l, const char *name)
{
	if (!l->json) {
		put(l, "%s%s=", l->first ? "" : ", ", name);
	} else {
		put(l, "%s\"", l->first ? "" : ",");
		for (; *name != '\0'; name++)
			put(l, "%c", *name == '-' ? '_' : *name);
		put(l, "\":");
	}
	l->first = false;
}

static void
put_string(struct logline *l, size_t most, const char *value)
{
	put(l, "\"");
	put_value(l, LOGTEXT_JSON, most, value);
	put(l, "\"");
}

static void
put_address(struct logline *l, const char *value)
{
	if (l->json) {
		put_string(l, LOGLINE_VALUE_MAX, value);
		return;
	}
	put(l, "<");
	put_value(l, LOGTEXT_ADDRESS, LOGLINE_VALUE_MAX, value);
	put(l, ">");
}

void
logline_begin(struct logline *l, bool json, const char *level, const char *id)
{
	char now[CLOCK_TEXT_SIZE];

	l->json = json;
	l->first = true;
	l->len = 0;
	l->text[0] = '\0';
	if (!json) {
		if (id != NULL)
			put(l, "%s: ", id);
		return;
	}
	clock_utc(clock_now(), now);
	put(l, "{");
	logline_word(l, "time", now);
	logline_word(l, "level", level);
	if (id != NULL)
		logline_word(l, "queue-id", id);
}

void
logline_number(struct logline *l, const char *name, int64_t value)
{
	put_name(l, name);
	put(l, "%lld", (long long)value);
}

void
logline_seconds(struct logline *l, const char *name, int64_t ms)
{
	put_name(l, name);
	put(l, "%lld.%02lld", (long long)(ms / 1000),
	    (long long)(ms % 1000 / 10));
}

void
logline_word(struct logline *l, const char *name, const char *value)
{
	if (value[0] == '\0')
		value = "none";
	put_name(l, name);
	if (l->json)
		put_string(l, LOGLINE_VALUE_MAX, value);
	else
		put_value(l, LOGTEXT_WORD, LOGLINE_VALUE_MAX, value);
}

void
logline_address(struct logline *l, const char *name, const char *value)
{
	put_name(l, name);
	put_address(l, value);
}

void
logline_list_begin(struct logline *l, const char *name)
{
	if (l->json) {
		put_name(l, name);
		put(l, "[");
	}
	l->list = l->len;
	l->listed = 0;
}

bool
logline_list_add(struct logline *l, const char *name, const char *value)
{
	if (l->len - l->list >= LOGLINE_LIST_MAX)
		return false;
	if (!l->json)
		put_name(l, name);
	else if (l->listed > 0)
		put(l, ",");
	put_address(l, value);
	l->listed++;
	return true;
}

void
logline_list_end(struct logline *l)
{
	if (l->json)
		put(l, "]");
}

void
logline_end(
    struct logline *l, const char *name, const char *value, const char *said)
{
	logline_word(l, name, value);
	if (l->json) {
		if (said != NULL) {
			put_name(l, "reply");
			put_string(l, LOGLINE_TEXT_MAX, said);
		}
		put(l, "}");
	} else if (said != NULL) {
		put(l, " (");
		put_value(l, LOGTEXT_SENTENCE, LOGLINE_TEXT_MAX, said);
		put(l, ")");
	}
}

void
logline_sentence(
    struct logline *l, bool json, const char *level, const char *text)
{
	logline_begin(l, json, level, NULL);
	if (!json) {
		put_value(l, LOGTEXT_SENTENCE, 2 * LOGLINE_TEXT_MAX, text);
		return;
	}
	put_name(l, "message");
	put_string(l, 2 * LOGLINE_TEXT_MAX, text);
	put(l, "}");
}
