/* SPDX-License-Identifier: ISC */
/* A header block: walked without loss, mended and completed to be strict, and
 * as relays take its authors. */
#include "strict.h"

#include "base/buf.h"
#include "base/limits.h"
#include "message/address.h"
#include "message/authors.h"
#include "message/complete.h"
#include "message/field.h"
#include "message/intake.h"
#include "message/resent.h"
#include "message/wire.h"
#include "target.h"

#include <stdlib.h>

static const struct completion completion = {
    .now_us = 1795289101999999,
    .sender = "a@b.example",
    .full_name = "\303\204lice (x) \"y\"",
    .host_name = "host.example.org",
    .domain = "example.org",
};

/* The fields are all of the block, in its order. */
static void
check_walk(struct span head)
{
	struct span rest = head;
	const char *at = head.at;
	struct field f;

	while (header_next(&rest, &f)) {
		strict_must(f.whole.at == at && f.whole.len > 0,
		    "a hole between fields", head);
		strict_must(f.name.at >= at && f.body.at >= at &&
				f.body.at + f.body.len <= at + f.whole.len,
		    "a field outside of itself", head);
		at += f.whole.len;
	}
	strict_must(at == head.at + head.len, "a block not walked", head);
}

/* What is mended needs no mending again. */
static void
check_once(struct span mended, struct mends *log)
{
	struct span rest = mended;
	struct error err;
	struct field f;
	struct buf again;

	buf_init(&again, 16 * MIB);
	while (header_next(&rest, &f))
		strict_must(field_mend(&f, &again, log, &err) == 0,
		    "a field that is refused the second time", f.whole);
	strict_must(again.len == mended.len &&
			memcmp(again.at, mended.at, again.len) == 0,
	    "a field that is mended twice", mended);
	buf_release(&again);
}

static void
check_mended(struct span head, struct mends *log)
{
	struct error err;
	struct field f;
	struct buf to;

	buf_init(&to, 16 * MIB);
	while (header_next(&head, &f)) {
		buf_clear(&to);
		if (field_mend(&f, &to, log, &err) == 0)
			check_once(buf_span(&to), log);
		else
			strict_must(err.kind == ERR_DATA && err.text[0] != '\0',
			    "an error without words", f.whole);
	}
	buf_release(&to);
}

static char *none[] = {NULL};
static char *senders[] = {"*@b.example", NULL};
static char *masks[] = {"*.c.example=b.example", NULL};

static void
read_authors(struct span head, struct address_list *list)
{
	struct error err;
	struct field f;

	strict_must(strict_count(head, "From") == 1 &&
			header_find(head, "From", &f) &&
			address_parse_list(f.body, list, &err) == 0,
	    "authors that do not parse", head);
}

/* What becomes of the worst of them. */
static enum identity_change
judge(const struct address_list *list, const struct identity *id)
{
	enum identity_change worst = IDENTITY_SAME;

	for (size_t i = 0; i < list->count; i++) {
		char *becomes;
		enum identity_change change =
		    identity_of(id, list->at[i], &becomes);

		worst = change > worst ? change : worst;
		free(becomes);
	}
	return worst;
}

static void
check_authors(struct span before, struct span after, const struct identity *id)
{
	struct address_list was = {0}, is = {0};

	read_authors(before, &was);
	read_authors(after, &is);
	strict_must(judge(&is, id) == IDENTITY_SAME,
	    "an author whom the relay refuses", after);
	if (id->mode == IDENTITY_FORCE &&
	    judge(&was, id) > IDENTITY_MASQUERADED)
		strict_must(is.count == 1, "several authors", after);
	else
		strict_must(is.count == was.count, "an author lost", after);
	address_list_release(&was);
	address_list_release(&is);
}

/* Of a block that is strict: what a relay gets of it is strict as well, and is
 * not changed again. */
static void
check_rewritten(struct span head, const struct identity *id, bool resent)
{
	struct buf to, again;
	struct authors_done done;
	struct mends log;
	struct error err;
	int rc;

	buf_init(&to, 64 * MIB);
	buf_init(&again, 64 * MIB);
	mends_init(&log);
	rc = authors_rewrite(head, id, &to, &done, &log, &err);
	strict_must(rc >= 0, "authors that are refused", head);
	strict_must(rc == 1 || to.len == 0, "a change that is none", head);
	if (rc == 0)
		buf_add_span(&to, head);
	strict_header(buf_span(&to), wire_is_eight_bit(head));
	if (!resent)
		check_authors(head, buf_span(&to), id);
	strict_must(
	    authors_rewrite(buf_span(&to), id, &again, &done, &log, &err) == 0,
	    "authors that are changed twice", buf_span(&to));
	mends_release(&log);
	buf_release(&again);
	buf_release(&to);
}

static void
check_identities(struct span head)
{
	static char *own_names[] = {"host.example.org", "host", NULL};
	struct identity id = {.from = "us@x.example",
	    .senders = senders,
	    .masquerade = none,
	    .own_names = own_names};
	struct span block;
	bool resent = resent_block(head, &block);

	for (int mode = IDENTITY_KEEP; mode <= IDENTITY_FORCE; mode++) {
		id.mode = (enum identity_mode)mode;
		id.masquerade = none;
		check_rewritten(head, &id, resent);
		id.masquerade = masks;
		check_rewritten(head, &id, resent);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err = {0};
	struct intake in;
	struct mends log;
	struct buf to;

	intake_init(&in, 64 * MIB);
	mends_init(&log);
	buf_init(&to, 16 * MIB);
	if (intake_take(&in, span((const char *)data, size), &err) == 0 &&
	    intake_end(&in, &err) == 0) {
		struct span head = buf_span(&in.head);

		check_walk(head);
		check_mended(head, &log);
		if (complete_header(head, &completion, &to, &log, &err) == 0) {
			strict_header(
			    buf_span(&to), wire_is_eight_bit(buf_span(&to)));
			check_identities(buf_span(&to));
		} else
			strict_must(err.kind == ERR_DATA && err.text[0] != '\0',
			    "an error without words", head);
	}
	buf_release(&to);
	mends_release(&log);
	intake_release(&in);
	return 0;
}
