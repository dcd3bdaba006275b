/* SPDX-License-Identifier: ISC */
/* The rules of single fields applied to a header block. */
#include "message/singles.h"

#include "base/limits.h"
#include "message/encoded.h"
#include "message/header.h"
#include "message/phrase.h"
#include "message/qualify.h"
#include "message/rules.h"
#include "message/token.h"

#include <stdio.h>

static bool
is_first(struct span head, const struct field *f, struct field *first)
{
	char name[64];

	snprintf(name, sizeof name, "%.*s", SPAN_ARG(f->name));
	return header_find(head, name, first) && first->whole.at == f->whole.at;
}

static bool
is_same(const struct field *a, const struct field *b)
{
	struct span x = span_trim(a->body), y = span_trim(b->body);

	return x.len == y.len && memcmp(x.at, y.at, x.len) == 0;
}

/* One more field of a name that may stand once. */
static int
repeat(const struct rule *rule, const struct field *first,
    const struct field *f, struct mends *log, struct error *err)
{
	switch (rule->repeated) {
	case REPEATED_MERGE:
		mends_add(log, "%s: made one of several", rule->name);
		return 0;
	case REPEATED_EQUAL:
		if (!is_same(first, f))
			return error_set(err, ERR_DATA,
			    "header has two %s fields that differ; one may "
			    "stand",
			    rule->name);
		/* FALLTHROUGH */
	case REPEATED_FIRST:
		mends_add(
		    log, "%s: left out, another stands before it", rule->name);
	}
	return 0;
}

/* The lists of all fields of the name of first as one. */
static void
merge(struct span head, const struct field *first, struct buf *to)
{
	struct field f;

	while (header_next(&head, &f)) {
		if (!span_same_nocase(f.name, first->name) ||
		    span_trim(f.body).len == 0)
			continue;
		if (to->len > 0)
			buf_add_text(to, ",\r\n ");
		buf_add_span(to, to->len > 0 ? span_trim(f.body) : f.body);
	}
}

/* NAME: body, with whatever stood between them. */
static void
add_body(const struct field *f, struct span body, struct buf *to)
{
	buf_add(to, f->whole.at, (size_t)(f->body.at - f->whole.at));
	buf_add_span(to, body);
	buf_add_text(to, "\r\n");
}

static void
add_sound(const struct rule *rule, const struct field *f, struct span body,
    const struct completion *c, struct buf *to, struct mends *log)
{
	struct buf qualified;

	buf_init(&qualified, 2 * HEADER_BLOCK_MAX);
	if (rule->addresses && qualify_list(body, c->domain, &qualified) > 0) {
		mends_add(log, "%s: an address had no domain, and got %s",
		    rule->name, c->domain);
		body = buf_span(&qualified);
	}
	add_body(f, body, to);
	buf_release(&qualified);
}

/* From: NAME <sender> */
static void
add_author(struct span body, const struct completion *c, struct buf *to)
{
	struct buf name;

	buf_init(&name, HEADER_BLOCK_MAX);
	header_unfold(body, &name);
	buf_add_text(to, "From: ");
	phrase_add_name(buf_span(&name), to);
	buf_printf(to, " <%s>\r\n", c->sender);
	buf_release(&name);
}

static int
apply(const struct rule *rule, const struct field *f, struct span body,
    const struct completion *c, struct buf *to, struct mends *log,
    struct error *err)
{
	switch (rule->check(body)) {
	case SOUND:
		add_sound(rule, f, body, c, to, log);
		return 0;
	case SOUND_EMPTY:
		mends_add(log, "%s: left out, it is empty", rule->name);
		return 0;
	case SOUND_REPLACE:
		mends_add(log,
		    "%s: no reader can use it; kept as "
		    "X-Original-%s",
		    rule->name, rule->name);
		buf_add_text(to, "X-Original-");
		add_body(f, body, to);
		return 0;
	case SOUND_BRACKETS:
		mends_add(log, "%s: put into brackets", rule->name);
		buf_printf(to, "%s: <%.*s>\r\n", rule->name,
		    SPAN_ARG(span_trim(body)));
		return 0;
	case SOUND_NAME:
		mends_add(log,
		    "%s: it named nobody; the sender's address "
		    "was added",
		    rule->name);
		add_author(body, c, to);
		return 0;
	case SOUND_REFUSE:
		break;
	}
	return error_set(err, ERR_DATA,
	    "header field %s: no list of addresses: %.*s", rule->name,
	    SPAN_ARG(span_trim(body)));
}

static int
apply_to_first(struct span head, const struct rule *rule, const struct field *f,
    const struct completion *c, struct buf *to, struct mends *log,
    struct error *err)
{
	struct buf merged;
	int rc;

	if (rule->repeated != REPEATED_MERGE)
		return apply(rule, f, f->body, c, to, log, err);
	buf_init(&merged, 2 * HEADER_BLOCK_MAX);
	merge(head, f, &merged);
	rc = apply(rule, f, buf_span(&merged), c, to, log, err);
	buf_release(&merged);
	return rc;
}

/* Others ask whether there is a Resent-Date and the like: what cannot keep its
 * name (field.h) loses it here. */
static void
add_without_rule(const struct field *f, struct buf *to, struct mends *log)
{
	struct buf plain;

	buf_init(&plain, HEADER_BLOCK_MAX);
	if (token_is(f->name) && encoded_is_needed(f->body) &&
	    !token_plain(f, &plain)) {
		buf_add_text(to, "X-Original-");
		mends_add(log, "%.*s: not ASCII; kept as X-Original-%.*s",
		    SPAN_ARG(f->name), SPAN_ARG(f->name));
	}
	buf_add_span(to, f->whole);
	buf_release(&plain);
}

int
singles_apply(struct span head, const struct completion *c, struct buf *to,
    struct mends *log, struct error *err)
{
	struct span rest = head;
	struct field f, first;

	while (header_next(&rest, &f)) {
		const struct rule *rule = rule_find(f.name);
		int rc = 0;

		if (rule == NULL)
			add_without_rule(&f, to, log);
		else if (is_first(head, &f, &first))
			rc = apply_to_first(head, rule, &f, c, to, log, err);
		else
			rc = repeat(rule, &first, &f, log, err);
		if (rc != 0)
			return -1;
	}
	return 0;
}
