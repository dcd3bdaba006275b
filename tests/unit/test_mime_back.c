/* SPDX-License-Identifier: ISC */
/* Every part decodes to the bytes that came, whatever they are. */
#include "unit.h"

#include "message/header.h"

#include "decode.h"
#include "mime_run.h"

#include <stdio.h>
#include <stdlib.h>

/* The content of a leaf by its transfer encoding. */
static bool
decode(struct span entity, struct buf *to, bool *identity)
{
	const char *end = memmem(entity.at, entity.len, "\r\n\r\n", 4);
	struct span body, head, how = {"", 0};
	struct field f;

	if (span_starts(entity, "\r\n")) {
		head = span("", 0);
		body = span_from(entity, 2);
	} else {
		if (end == NULL)
			return false;
		head = span(entity.at, (size_t)(end - entity.at) + 2);
		body = span_from(entity, head.len + 2);
	}
	if (header_find(head, "Content-Transfer-Encoding", &f))
		how = span_trim(f.body);
	*identity = false;
	if (span_is(how, "base64"))
		return decode_base64(body, to);
	if (span_is(how, "quoted-printable"))
		return decode_quoted(body, to);
	*identity = true;
	buf_add_span(to, body);
	return true;
}

/* What a body must decode to: line ends are CRLF in text, and in what could
 * be sent as it was. */
static void
canonical(struct span body, bool exact, struct buf *to)
{
	char last = '\0';

	if (exact)
		buf_add_span(to, body);
	else
		wire_convert(body, &last, to);
}

static const char single_head[] = "A: b\r\nContent-Type: %s\r\n";

/* One body, alone or as a part, comes back as it was. */
static void
expect_back(struct span body, bool nested, bool text, int flags)
{
	const char *type = text ? "text/plain" : "image/png";
	char head[100];
	struct buf in, got, want;
	struct span entity;
	struct run r;
	bool identity;

	snprintf(head, sizeof head, single_head, type);
	buf_init(&in, 4 * MIB);
	buf_init(&got, 4 * MIB);
	buf_init(&want, 4 * MIB);
	if (nested)
		buf_printf(&in, "--b\r\nContent-Type: %s\r\n\r\n", type);
	buf_add_span(&in, body);
	if (nested)
		buf_add_text(&in, "\r\n--b--\r\n");
	walk(&r, span_of(nested ? multi_head : head), buf_span(&in), flags);
	assert_int_equal(r.rc, 0);
	if (!is_fit(&r))
		fail_msg("not fit: \"%s\"", buf_text(&r.out));
	entity = buf_span(&r.out);
	if (nested) {
		entity = span_from(entity, strlen(multi_head) + 2 + 5);
		assert_memory_equal(
		    entity.at + entity.len - 9, "\r\n--b--\r\n", 9);
		entity.len -= 9;
		/* The last line end of a code may be the boundary's. */
		if (memmem(entity.at, entity.len, "quoted-p", 8) != NULL ||
		    memmem(entity.at, entity.len, "base64", 6) != NULL)
			entity.len += 2;
	}
	if (!decode(entity, &got, &identity))
		fail_msg("no code: \"%s\"", buf_text(&r.out));
	canonical(body, !text && !identity, &want);
	/* The line end that was lent to the code, or a line end added. */
	if (got.len == want.len + 2 &&
	    (nested ? strstr(buf_text(&r.out), "quoted-p") != NULL : identity))
		got.len -= 2;
	if (!span_same(buf_span(&got), buf_span(&want)))
		fail_msg("%s, nested %d: \"%.*s\" becomes \"%s\"", type, nested,
		    SPAN_ARG(buf_span(&want)), buf_text(&r.out));
	release(&r);
	buf_release(&in);
	buf_release(&got);
	buf_release(&want);
}

static void
test_all_short_bodies(void **state)
{
	static const char alphabet[] = {
	    '\r', '\n', ' ', '=', '.', 'x', '\0', (char)0xc3};

	(void)state;
	for (size_t n = 0; n < 4096; n++) {
		char body[4];

		for (size_t i = 0; i < 4; i++)
			body[i] = alphabet[n >> (3 * i) & 7];
		for (int k = 0; k < 8; k++)
			expect_back(
			    span(body, 4), k & 1, k & 2, k & 4 ? SEVEN_BIT : 0);
	}
}

/* Large ones, with long lines and a boundary at any place of a block. */
static void
test_large_bodies(void **state)
{
	static const size_t sizes[] = {997, 998, 999, 1000, 4095, 4096, 4097,
	    65500, 65536, 65537, 130000, 262100, 262140, 262144, 262150,
	    600000};
	char *body = malloc(600000);
	unsigned seed = 1;

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		for (unsigned kind = 0; kind < 3; kind++) {
			for (size_t k = 0; k < sizes[i]; k++) {
				unsigned c = next_random(&seed);

				body[k] = kind == 0     ? 'x'
					  : kind == 1   ? (char)(c >> 4)
					  : c % 70 == 0 ? '\n'
							: (char)('a' + c % 20);
			}
			if (kind == 2)
				body[sizes[i] / 2] = (char)0xc3;
			for (int k = 0; k < 4; k++)
				expect_back(
				    span(body, sizes[i]), k & 1, k & 2, 0);
		}
	}
	free(body);
}

/* Boundaries are found wherever the blocks that are read end. */
static void
test_boundary_at_block_ends(void **state)
{
	static const size_t ends[] = {64 * KIB, 256 * KIB, 320 * KIB};
	struct buf in;
	struct run r;

	(void)state;
	buf_init(&in, MIB);
	for (size_t i = 0; i < COUNT(ends); i++) {
		for (size_t n = 0; n < 12; n++) {
			buf_clear(&in);
			buf_add_text(&in, "--b\r\n\r\n");
			while (in.len < ends[i] - n)
				buf_add_byte(
				    &in, in.len % 71 == 70 ? '\n' : 'x');
			buf_add_text(
			    &in, "\r\n--b\r\n\r\n" TEXT "\r\n--b--\r\n");
			/* and enough behind it for the file to be read */
			while (in.len < 520 * KIB)
				buf_add_text(&in, "epilogue\r\n");
			walk(&r, span_of(multi_head), buf_span(&in), 0);
			assert_int_equal(r.rc, 0);
			if (strstr(buf_text(&r.out), TEXT_QP "\r\n--b--") ==
			    NULL)
				fail_msg("%zu bytes before %zu", n, ends[i]);
			if (!is_fit(&r))
				fail_msg("not fit: %zu before %zu", n, ends[i]);
			release(&r);
		}
	}
	buf_release(&in);
}

/* Code that came in lines that are too long decodes to what it did. */
static void
test_long_codes(void **state)
{
	struct buf in, got, want;
	struct run r;
	bool identity;

	(void)state;
	buf_init(&in, MIB);
	buf_init(&got, MIB);
	buf_init(&want, MIB);
	for (size_t lead = 0; lead < 80; lead++) {
		buf_clear(&in), buf_clear(&got), buf_clear(&want);
		buf_printf(&in, "%.*s", (int)lead,
		    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		    "xxxxxxxxxxxxxxxxxxxxxx");
		buf_add_span(&want, buf_span(&in));
		for (int i = 0; i < 400; i++) {
			buf_add_text(&in, "=C3=BC y");
			buf_add_text(&want, U " y");
		}
		buf_add_text(&in, "\r\n");
		buf_add_text(&want, "\r\n");
		walk(&r,
		    span_of("Content-Type: text/plain; charset=utf-8\r\n"
			    "Content-Transfer-Encoding: quoted-printable\r\n"),
		    buf_span(&in), 0);
		assert_int_equal(r.rc, 0);
		if (!decode(buf_span(&r.out), &got, &identity) ||
		    !span_same(buf_span(&got), buf_span(&want)))
			fail_msg("behind %zu: %s", lead, buf_text(&r.out));
		release(&r);
	}
	buf_clear(&in), buf_clear(&got), buf_clear(&want);
	for (int i = 0; i < 3000; i++) {
		buf_add_text(&in, "AQID");
		buf_add_text(&want, "\1\2\3");
	}
	walk(&r,
	    span_of("Content-Type: image/png\r\n"
		    "Content-Transfer-Encoding: base64\r\n"),
	    buf_span(&in), 0);
	assert_int_equal(r.rc, 0);
	assert_true(is_fit(&r));
	assert_true(decode(buf_span(&r.out), &got, &identity));
	assert_true(span_same(buf_span(&got), buf_span(&want)));
	release(&r);
	buf_release(&in);
	buf_release(&got);
	buf_release(&want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_all_short_bodies),
	    cmocka_unit_test(test_large_bodies),
	    cmocka_unit_test(test_boundary_at_block_ends),
	    cmocka_unit_test(test_long_codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
