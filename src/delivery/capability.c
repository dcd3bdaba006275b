/* SPDX-License-Identifier: ISC */
/* What a server says it can do. */
#include "delivery/capability.h"

#include "base/text.h"
#include "config/mechanism.h"

#include <stddef.h>

/* One function for each keyword that means more than its presence. */

static void
take_size(struct capabilities *c, struct span value)
{
	unsigned long long n;

	c->size = true;
	if (text_number(value, INT64_MAX, &n))
		c->size_max = (int64_t)n;
}

static void
take_auth(struct capabilities *c, struct span value)
{
	c->auth = true;
	c->auth_set |= mechanism_set(value);
	text_copy_printable(c->mechanisms, sizeof c->mechanisms, value);
}

static const struct {
	const char *keyword;
	size_t flag; /* offset of a bool; used where take is NULL */
	void (*take)(struct capabilities *c, struct span value);
} keywords[] = {
    {"STARTTLS", offsetof(struct capabilities, starttls), NULL},
    {"PIPELINING", offsetof(struct capabilities, pipelining), NULL},
    {"CHUNKING", offsetof(struct capabilities, chunking), NULL},
    {"8BITMIME", offsetof(struct capabilities, eight_bit_mime), NULL},
    {"SMTPUTF8", offsetof(struct capabilities, smtputf8), NULL},
    {"REQUIRETLS", offsetof(struct capabilities, require_tls), NULL},
    {"DSN", offsetof(struct capabilities, dsn), NULL},
    {"ENHANCEDSTATUSCODES", offsetof(struct capabilities, enhanced_codes),
	NULL},
    {"SIZE", 0, take_size},
    {"AUTH", 0, take_auth},
};

void
capability_take(struct capabilities *c, struct span line)
{
	struct span word;

	line = span_trim(line);
	if (!span_cut(&line, ' ', &word))
		return;
	for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++) {
		if (!span_is_nocase(word, keywords[i].keyword))
			continue;
		if (keywords[i].take != NULL)
			keywords[i].take(c, span_trim(line));
		else
			*(bool *)((char *)c + keywords[i].flag) = true;
	}
}
