/* SPDX-License-Identifier: ISC */
/* A spooled body, line by line. */
#include "message/reader.h"

void
reader_init(struct reader *r, const struct spool *spool, int64_t offset)
{
	r->spool = spool;
	r->next = offset;
	r->at = r->len = 0;
	r->begins = true;
}

/* Moves what is left to the front and reads on behind it. */
static int
fill(struct reader *r, struct error *err)
{
	ssize_t n = 1;

	memmove(r->block, r->block + r->at, r->len - r->at);
	r->len -= r->at;
	r->at = 0;
	while (r->len < READER_LINE_MAX && n > 0) {
		n = spool_read(r->spool, r->next, r->block + r->len,
		    sizeof r->block - r->len, err);
		if (n < 0)
			return -1;
		r->next += n;
		r->len += (size_t)n;
	}
	return 0;
}

/* A line without its end yet: all of it, but for a CR that LF may follow. */
static void
take_part(struct reader *r, struct piece *p, struct span rest)
{
	bool more = r->next < r->spool->size;

	if (more && rest.at[rest.len - 1] == '\r')
		rest.len--;
	p->text = rest;
	p->end = span(rest.at + rest.len, 0);
	r->at += rest.len;
	r->begins = false;
}

static void
take_line(struct reader *r, struct piece *p, struct span rest, size_t n)
{
	size_t end = n > 0 && rest.at[n - 1] == '\r' ? n - 1 : n;

	p->text = span(rest.at, end);
	p->end = span(rest.at + end, n + 1 - end);
	r->at += n + 1;
	r->begins = true;
}

int
reader_next(struct reader *r, struct piece *p, struct error *err)
{
	struct span rest = span(r->block + r->at, r->len - r->at);
	const char *lf = memchr(rest.at, '\n', rest.len);

	if (lf == NULL && rest.len < READER_LINE_MAX &&
	    r->next < r->spool->size) {
		if (fill(r, err) != 0)
			return -1;
		rest = span(r->block, r->len);
		lf = memchr(rest.at, '\n', rest.len);
	}
	if (rest.len == 0)
		return 0;
	p->begins = r->begins;
	p->offset = r->next - (int64_t)rest.len;
	if (lf != NULL)
		take_line(r, p, rest, (size_t)(lf - rest.at));
	else
		take_part(r, p, rest);
	return 1;
}
