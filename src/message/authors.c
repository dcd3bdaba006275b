/* SPDX-License-Identifier: ISC */
/* A header block whose authors are made good for a relay. */
#include "message/authors.h"

#include "message/address.h"
#include "message/author_list.h"
#include "message/dkim.h"
#include "message/fold.h"
#include "message/header.h"
#include "message/resent.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

enum role {
	ROLE_AUTHOR, /* several may stand, unless one is forced */
	ROLE_SENDER, /* one, who is not the author */
	ROLE_ANSWER, /* whom to answer: no relay minds */
};

static const struct kind {
	const char *name;
	enum role role;
	bool resent;
} kinds[] = {
    {"From", ROLE_AUTHOR, false},
    {"Sender", ROLE_SENDER, false},
    {"Reply-To", ROLE_ANSWER, false},
    {"Resent-From", ROLE_AUTHOR, true},
    {"Resent-Sender", ROLE_SENDER, true},
};

struct rewriting {
	const struct identity *id;
	struct identity masks; /* the same, as far as it masquerades */
	struct span head, block;
	bool resent;
	struct buf *to;
	struct buf originals; /* fields that keep what was replaced */
	char *author;         /* the only one, as it becomes; NULL: several */
	struct authors_done *done;
	struct mends *log;
};

/* What is done with f; NULL: it stays. */
static const struct kind *
kind_of(const struct rewriting *r, const struct field *f)
{
	bool inside = f->whole.at >= r->block.at &&
		      f->whole.at < r->block.at + r->block.len;

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (kinds[i].resent == r->resent && (inside || !r->resent) &&
		    span_is_nocase(f->name, kinds[i].name))
			return &kinds[i];
	return NULL;
}

static const struct identity *
identity_for(const struct rewriting *r, enum role role)
{
	return role == ROLE_ANSWER ? &r->masks : r->id;
}

static void
note(struct rewriting *r, const char *name)
{
	char *names = r->done->names;
	size_t n = strlen(names);

	if (strstr(names, name) == NULL)
		snprintf(names + n, AUTHORS_NAMES_SIZE - n, "%s%s",
		    n > 0 ? "+" : "", name);
}

static void
end_field(struct buf *to, size_t start)
{
	buf_add_text(to, "\r\n");
	fold_tail(to, start);
}

/* What was there is kept in a field that no relay minds. */
static void
keep(struct rewriting *r, const struct kind *k, const struct field *f,
    const struct author_list *list)
{
	size_t start = r->originals.len;
	struct mends quiet;
	struct field found;

	if (k->role == ROLE_AUTHOR && !r->resent && list->answerable &&
	    !header_find(r->head, "Reply-To", &found)) {
		mends_init(&quiet);
		buf_add_text(&r->originals, "Reply-To:");
		author_list_add(f->body, &r->masks, "", &r->originals, &quiet);
		end_field(&r->originals, start);
		mends_release(&quiet);
		mends_add(r->log, "Reply-To: added, with what From was");
		if (list->count == 1)
			return;
	}
	start = r->originals.len;
	buf_printf(&r->originals, "X-Original-%s:", k->name);
	buf_add_span(&r->originals, f->body);
	end_field(&r->originals, start);
}

/* The body of f as it becomes. */
static void
add_body(const struct rewriting *r, const struct kind *k, const struct field *f,
    const struct author_list *list, struct buf *to, struct mends *log)
{
	const struct identity *id = identity_for(r, k->role);

	if (id->mode == IDENTITY_FORCE && list->change > IDENTITY_MASQUERADED)
		author_list_add_one(f->body, id, k->name, to, log);
	else
		author_list_add(f->body, id, k->name, to, log);
}

static void
add_changed(struct rewriting *r, const struct kind *k, const struct field *f,
    const struct author_list *list)
{
	size_t start = r->to->len;

	note(r, k->name);
	if (list->change > IDENTITY_MASQUERADED)
		keep(r, k, f, list);
	/* RFC 5322 3.6.2: none is wanted who is the author. (In a block of
	 * Resent- fields, an older one could take its place.) */
	if (k->role == ROLE_SENDER && !r->resent &&
	    list->change > IDENTITY_MASQUERADED && r->author != NULL &&
	    strcasecmp(r->author, r->id->from) == 0) {
		mends_add(r->log, "%s: left out, it is the author", k->name);
		return;
	}
	buf_add(r->to, f->whole.at, (size_t)(f->body.at - f->whole.at));
	add_body(r, k, f, list, r->to, r->log);
	end_field(r->to, start);
}

/* Who will be the only author? */
static char *
find_author(const struct rewriting *r)
{
	struct span rest = r->head;
	struct mends quiet;
	struct error ignored;
	char *author = NULL;
	struct field f;
	struct buf body;

	mends_init(&quiet);
	buf_init(&body, r->to->ceiling);
	while (author == NULL && header_next(&rest, &f)) {
		const struct kind *k = kind_of(r, &f);
		struct author_list list;

		if (k == NULL || k->role != ROLE_AUTHOR)
			continue;
		list = author_list_of(f.body, r->id);
		add_body(r, k, &f, &list, &body, &quiet);
		if (address_parse_one(buf_span(&body), &author, &ignored) != 0)
			break;
	}
	buf_release(&body);
	mends_release(&quiet);
	return author;
}

static void
add_fields(struct rewriting *r, struct buf *to)
{
	struct span rest = r->head;
	struct field f;

	while (header_next(&rest, &f)) {
		const struct kind *k = kind_of(r, &f);
		struct author_list list = {.change = IDENTITY_SAME};

		if (k != NULL)
			list = author_list_of(f.body, identity_for(r, k->role));
		if (list.change == IDENTITY_SAME)
			buf_add_span(to, f.whole);
		else
			add_changed(r, k, &f, &list);
	}
}

/* The originals at the end; or, since a block of Resent- fields is of nothing
 * else, before it. */
static void
put_together(struct rewriting *r, struct buf *changed, struct buf *to)
{
	size_t before =
	    r->resent ? (size_t)(r->block.at - r->head.at) : changed->len;

	if (!buf_ok(changed))
		return;
	buf_add(to, changed->at, before);
	buf_add_span(to, buf_span(&r->originals));
	buf_add_span(to, span_from(buf_span(changed), before));
}

int
authors_rewrite(struct span head, const struct identity *id, struct buf *to,
    struct authors_done *done, struct mends *log, struct error *err)
{
	struct rewriting r = {.id = id, .head = head, .done = done, .log = log};
	size_t start = to->len;
	struct error broken;
	struct buf changed;
	int rc;

	*done = (struct authors_done){0};
	r.masks = *id;
	r.masks.mode = IDENTITY_KEEP;
	r.resent = resent_block(head, &r.block);
	if (identity_is_idle(id))
		return 0;
	buf_init(&changed, to->ceiling);
	buf_init(&r.originals, to->ceiling);
	r.to = &changed;
	r.author = find_author(&r);
	add_fields(&r, &changed);
	rc = done->names[0] != '\0';
	if (rc == 1)
		put_together(&r, &changed, to);
	if (!buf_ok(to) || !buf_ok(&changed) || !buf_ok(&r.originals))
		rc = error_set(err, ERR_DATA, "the header becomes too large");
	done->unsigned_now =
	    rc == 1 &&
	    dkim_check(head, span_from(buf_span(to), start), &broken) != 0;
	if (done->unsigned_now)
		mends_add(log, "DKIM-Signature: it covers what was changed, "
			       "and proves nothing any more");
	free(r.author);
	buf_release(&r.originals);
	buf_release(&changed);
	return rc;
}
