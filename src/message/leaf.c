/* SPDX-License-Identifier: ISC */
/* A part that has no parts: what it needs. */
#include "message/leaf.h"

#include "base/limits.h"
#include "message/content.h"
#include "message/head.h"

#include <stdio.h>

/* Inside of others a part is encoded rather than declared: they would have to
 * declare it too (RFC 2045 6.4), and have been written by now. */
static enum action
choose(const struct walk *w, const struct media *m, const struct facts *f,
    enum place place)
{
	bool unfit = facts_is_unfit(f);
	bool eight_bit = f->eight_bit > 0;
	bool must = unfit || (eight_bit && w->request->seven_bit);

	switch (m->transfer) {
	case TRANSFER_QUOTED:
		return unfit || eight_bit ? ACTION_REQUOTE : ACTION_KEEP;
	case TRANSFER_BASE64:
		return unfit || eight_bit ? ACTION_REWRAP : ACTION_KEEP;
	case TRANSFER_BINARY:
		if (!must && m->form == FORM_TEXT)
			return ACTION_DECLARE;
		break;
	case TRANSFER_OTHER:
	case TRANSFER_8BIT:
		if (!must)
			return ACTION_KEEP;
		break;
	case TRANSFER_NONE:
	case TRANSFER_7BIT:
		if (!must && !eight_bit)
			return ACTION_KEEP;
		if (!must && (place == PLACE_TOP || m->form == FORM_STATUS))
			return ACTION_DECLARE;
		break;
	}
	/* Only in text is a line end a line end (RFC 2049 4). */
	return m->form == FORM_TEXT && facts_prefers_quoted(f) ? ACTION_QUOTE
							       : ACTION_BASE64;
}

static const char *
charset_of(const struct content *c)
{
	return utf8_check_end(&c->utf8) ? "utf-8" : "iso-8859-1";
}

static struct changes
changes_for(const struct media *m, const struct content *c, enum action action,
    enum place place)
{
	bool named = c->facts.eight_bit > 0 && m->form == FORM_TEXT && m->ascii;
	struct changes changes = {0};

	if (action == ACTION_QUOTE)
		changes.transfer = "quoted-printable";
	else if (action == ACTION_BASE64)
		changes.transfer = "base64";
	else if (action == ACTION_DECLARE)
		changes.transfer = "8bit";
	if (named)
		changes.charset = charset_of(c);
	changes.type = !m->typed && (named || changes.transfer != NULL);
	changes.version = (place == PLACE_TOP || place == PLACE_MESSAGE) &&
			  !m->versioned &&
			  (changes.type || changes.transfer != NULL || named);
	return changes;
}

static bool
is_change(const struct changes *c)
{
	return c->transfer != NULL || c->charset != NULL || c->type;
}

static void
explain(struct walk *w, const struct content *c, const struct changes *ch)
{
	const struct facts *f = &c->facts;
	const char *why = "8-bit content that was not declared";
	char what[32] = "body";

	if (w->part > 0)
		snprintf(what, sizeof what, "part %u", w->part);
	if (f->nul)
		why = "NUL bytes";
	else if (f->longest > TEXT_LINE_MAX)
		why = "a line over 998 bytes";
	else if (f->cr > f->crlf)
		why = "CR without LF";
	if (ch->transfer != NULL)
		mends_add(
		    w->log, "%s: now %s, it has %s", what, ch->transfer, why);
	if (ch->charset != NULL)
		mends_add(w->log, "%s: charset %s, which it really is", what,
		    ch->charset);
}

int
leaf(struct walk *w, struct span head, const struct media *m, enum place place)
{
	struct changes changes;
	struct content content;
	enum action action;

	if (content_look(w, &content) != 0)
		return -1;
	action = choose(w, m, &content.facts, place);
	changes = changes_for(m, &content, action, place);
	if (w->locked && (action != ACTION_KEEP || is_change(&changes)))
		return walk_fail(w, "it would have to be encoded, and is "
				    "signed; encode it before it is signed");
	if ((action == ACTION_QUOTE || action == ACTION_BASE64) &&
	    m->form != FORM_TEXT && m->form != FORM_OTHER)
		return walk_fail(w, "it has lines that cannot leave, and is of "
				    "a type that cannot be encoded");
	if (action != ACTION_KEEP && m->transfer == TRANSFER_OTHER)
		return walk_fail(w, "it has lines that cannot leave, in an "
				    "encoding that is not known");
	explain(w, &content, &changes);
	if (head_write(w, head, &changes) != 0 ||
	    content_write(w, &content, m->form == FORM_TEXT, action) != 0)
		return -1;
	/* The line end before the boundary, if it came as an empty line. */
	while (walk_peek(w) == 1 && w->boundary < 0)
		walk_skip(w);
	return walk_drain(w);
}
