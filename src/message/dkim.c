/* SPDX-License-Identifier: ISC */
/* Signatures that are there already. */
#include "message/dkim.h"

#include "base/buf.h"
#include "base/limits.h"
#include "message/header.h"

#include <stdio.h>

#define SIGNATURE "DKIM-Signature"

bool
dkim_is_signed(struct span head)
{
	struct field f;

	return header_find(head, SIGNATURE, &f);
}

/* The next field of that name; false when there is no more. */
static bool
next_named(struct span *rest, const char *name, struct field *f)
{
	while (header_next(rest, f))
		if (span_is_nocase(f->name, name))
			return true;
	return false;
}

static int
compare(
    struct span before, struct span after, struct span name, struct error *err)
{
	struct field a, b;
	char text[128];
	bool more, same;

	snprintf(text, sizeof text, "%.*s", SPAN_ARG(name));
	do {
		bool also;

		more = next_named(&before, text, &a);
		also = next_named(&after, text, &b);
		same =
		    more == also && (!more || (a.whole.len == b.whole.len &&
						  memcmp(a.whole.at, b.whole.at,
						      a.whole.len) == 0));
	} while (more && same);
	if (same)
		return 0;
	return error_set(err, ERR_DATA,
	    "header field %s would have to be changed, and is signed (DKIM); "
	    "mend it before it is signed",
	    text);
}

/* So many names may be looked for in a header that long. */
static size_t
names_max(struct span head)
{
	size_t fields = 1;
	struct field f;

	while (header_next(&head, &f))
		fields++;
	return SIGNED_LOOKS_MAX / fields;
}

/* RFC 6376 3.5: h= is a list of names with colons between them. */
static int
check_one(struct span signature, struct span before, struct span after,
    size_t *names_left, struct error *err)
{
	struct span tag, name;

	while (span_cut(&signature, ';', &tag)) {
		tag = span_trim(tag);
		if (!span_cut(&tag, '=', &name) ||
		    !span_is(span_trim(name), "h"))
			continue;
		while (span_cut(&tag, ':', &name)) {
			if ((*names_left)-- == 0)
				return error_set(err, ERR_DATA,
				    "too many DKIM signatures for a header "
				    "that long");
			if (compare(before, after, span_trim(name), err) != 0)
				return -1;
		}
	}
	return 0;
}

int
dkim_check(struct span before, struct span after, struct error *err)
{
	size_t names_left = names_max(before);
	struct span rest = before;
	struct field f;
	struct buf line;
	int rc = 0;

	buf_init(&line, HEADER_BLOCK_MAX);
	while (rc == 0 && next_named(&rest, SIGNATURE, &f)) {
		buf_clear(&line);
		header_unfold(f.body, &line);
		rc =
		    check_one(buf_span(&line), before, after, &names_left, err);
	}
	buf_release(&line);
	return rc;
}
