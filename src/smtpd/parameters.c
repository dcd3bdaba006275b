/* SPDX-License-Identifier: ISC */
/* The parameters of MAIL and RCPT, from a table. */
#include "smtpd/path.h"

#include "base/text.h"
#include "message/dsn.h"

#include <stdint.h>
#include <stdlib.h>

/* One function for each: false on a bad value; without one it is empty. */

static bool
take_size(struct parameters *p, struct span value)
{
	return text_number(value, UINT64_MAX, &p->size);
}

/* What the message needs is seen from itself. */
static bool
take_body(struct parameters *p, struct span value)
{
	(void)p;
	return span_is_nocase(value, "7BIT") ||
	       span_is_nocase(value, "8BITMIME");
}

static bool
take_smtputf8(struct parameters *p, struct span value)
{
	p->utf8 = true;
	return value.len == 0;
}

static bool
take_ret(struct parameters *p, struct span value)
{
	p->ret = dsn_ret(value);
	return p->ret != NULL;
}

static bool
take_envid(struct parameters *p, struct span value)
{
	p->envid = dsn_envid(value);
	return p->envid != NULL;
}

static bool
take_notify(struct parameters *p, struct span value)
{
	p->notify = dsn_notify(value);
	return p->notify != NULL;
}

static bool
take_orcpt(struct parameters *p, struct span value)
{
	p->orcpt = dsn_orcpt(value);
	return p->orcpt != NULL;
}

static const struct {
	const char *name;
	enum parameters_for whom;
	bool (*take)(struct parameters *p, struct span value);
} table[] = {
    {"SIZE", FOR_MAIL, take_size},
    {"BODY", FOR_MAIL, take_body},
    {"SMTPUTF8", FOR_MAIL, take_smtputf8},
    {"RET", FOR_MAIL, take_ret},
    {"ENVID", FOR_MAIL, take_envid},
    {"NOTIFY", FOR_RCPT, take_notify},
    {"ORCPT", FOR_RCPT, take_orcpt},
};

#define TABLE_COUNT (sizeof table / sizeof table[0])

static const char *
read_one(struct span word, enum parameters_for whom, struct parameters *p)
{
	struct span name;

	if (!span_cut(&word, '=', &name))
		return "501 5.5.4 a parameter without a name";
	for (size_t i = 0; i < TABLE_COUNT; i++) {
		if (table[i].whom != whom ||
		    !span_is_nocase(name, table[i].name))
			continue;
		if ((p->seen & 1U << i) != 0)
			return "501 5.5.4 a parameter stands twice";
		p->seen |= 1U << i;
		return table[i].take(p, word)
			   ? NULL
			   : "501 5.5.4 a parameter has a bad value";
	}
	return "555 5.5.4 no such parameter here";
}

const char *
parameters_read(
    struct span text, enum parameters_for whom, struct parameters *p)
{
	const char *wrong = NULL;
	struct span word;

	*p = (struct parameters){0};
	while (wrong == NULL && span_cut(&text, ' ', &word))
		if (word.len > 0)
			wrong = read_one(word, whom, p);
	return wrong;
}

void
parameters_release(struct parameters *p)
{
	free(p->ret);
	free(p->envid);
	free(p->notify);
	free(p->orcpt);
	*p = (struct parameters){0};
}
