/* SPDX-License-Identifier: ISC */
/* The first octet says how the rest is cut in pieces; the message that is
 * read is the same however it is cut. */
#include "strict.h"

#include "base/limits.h"
#include "message/intake.h"
#include "message/wire.h"
#include "target.h"

#include <stdlib.h>

static int
take(struct intake *in, struct span bytes, size_t piece, struct error *err)
{
	intake_init(in, 4 * KIB);
	while (bytes.len > 0) {
		size_t n = piece < bytes.len ? piece : bytes.len;
		/* A copy of its own, so that nothing is read behind it. */
		char *own = malloc(n);
		int rc;

		memcpy(own, bytes.at, n);
		rc = intake_take(in, span(own, n), err);
		free(own);
		if (rc != 0)
			return -1;
		bytes = span_from(bytes, n);
	}
	return intake_end(in, err);
}

static void
check_facts(const struct facts *a, const struct facts *b, struct span bytes)
{
	strict_must(a->octets == b->octets && a->lines == b->lines &&
			a->crlf == b->crlf && a->cr == b->cr &&
			a->eight_bit == b->eight_bit && a->odd == b->odd &&
			a->nul == b->nul,
	    "other facts when cut", bytes);
	strict_must(
	    a->longest == b->longest, "another longest line when cut", bytes);
}

static struct span
body_of(const struct intake *in)
{
	strict_must(
	    in->body.fd < 0 && (int64_t)in->body.memory.len == in->body.size,
	    "a file", span("", 0));
	return buf_span(&in->body.memory);
}

static bool
same(struct span a, struct span b)
{
	return a.len == b.len && memcmp(a.at, b.at, a.len) == 0;
}

/* Header in wire form, body as it came, nothing lost between them. */
static void
check_result(const struct intake *in, struct span bytes)
{
	struct span body = body_of(in);
	struct wire_check wire;
	struct facts facts;
	struct buf sent;
	char last = '\0';

	wire_check_init(&wire);
	wire_check_take(&wire, buf_span(&in->head));
	strict_must(in->head.len == 0 || wire_check_end(&wire),
	    "a header that is not in wire form", bytes);
	facts_init(&facts);
	facts_take(&facts, body);
	check_facts(&in->facts, &facts, bytes);
	buf_init(&sent, MIB);
	wire_convert(body, &last, &sent);
	wire_close(last, &sent);
	strict_must(facts_is_unfit(&facts) ||
			(int64_t)sent.len == facts_wire_size(&facts),
	    "another size on the wire", bytes);
	buf_release(&sent);
	strict_must(
	    body.len <= bytes.len &&
		memcmp(body.at, bytes.at + bytes.len - body.len, body.len) == 0,
	    "a body that is not the end of the input", bytes);
}

static void
compare(struct span bytes, size_t piece)
{
	struct error err = {0}, cut_err = {0};
	struct intake in, cut;
	int rc = take(&in, bytes, bytes.len + 1, &err);
	int cut_rc = take(&cut, bytes, piece, &cut_err);

	strict_must(rc == cut_rc, "refused or not, by the cut", bytes);
	if (rc == 0) {
		check_result(&in, bytes);
		strict_must(same(buf_span(&in.head), buf_span(&cut.head)),
		    "another header when cut", bytes);
		strict_must(same(body_of(&in), body_of(&cut)),
		    "another body when cut", bytes);
		check_facts(&in.facts, &cut.facts, bytes);
	} else {
		strict_must(
		    err.text[0] != '\0', "an error without words", bytes);
		strict_must(strcmp(err.text, cut_err.text) == 0,
		    "another error when cut", bytes);
	}
	intake_release(&in);
	intake_release(&cut);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span bytes;

	if (size == 0)
		return 0;
	bytes = span((const char *)data + 1, size - 1);
	compare(bytes, 1);
	compare(bytes, data[0] + (size_t)1);
	return 0;
}
