/* SPDX-License-Identifier: ISC */
/* Content-Type and Content-Transfer-Encoding as they are really written. */
#include "unit.h"

#include "base/limits.h"
#include "message/media.h"

#define TYPE "Content-Type: "

static const struct {
	const char *head;
	enum form form;
	bool ascii, is_signed;
	const char *boundary;
} types[] = {
    {"", FORM_TEXT, true, false, ""},
    {TYPE "\r\n", FORM_TEXT, true, false, ""},
    {TYPE "text/plain\r\n", FORM_TEXT, true, false, ""},
    {"content-type:TEXT/Plain\r\n", FORM_TEXT, true, false, ""},
    {TYPE "text/plain; charset=us-ascii\r\n", FORM_TEXT, true, false, ""},
    {TYPE "text/plain; charset=\"US-ASCII\"\r\n", FORM_TEXT, true, false, ""},
    {TYPE "text/plain; charset=\"\"\r\n", FORM_TEXT, true, false, ""},
    {TYPE "text/plain;charset=utf-8\r\n", FORM_TEXT, false, false, ""},
    {TYPE "text/plain; CHARSET = utf-8 (x)\r\n", FORM_TEXT, false, false, ""},
    {TYPE "text/plain;\r\n\tcharset=utf-8\r\n", FORM_TEXT, false, false, ""},
    {TYPE "text/plain (;charset=x)\r\n", FORM_TEXT, true, false, ""},
    {TYPE "text/plain; x=\";charset=x\"\r\n", FORM_TEXT, true, false, ""},
    {TYPE "image/png\r\n", FORM_OTHER, true, false, ""},
    {TYPE "message/rfc822\r\n", FORM_MESSAGE, true, false, ""},
    {TYPE "message/global\r\n", FORM_MESSAGE, true, false, ""},
    {TYPE "message/delivery-status\r\n", FORM_STATUS, true, false, ""},
    {TYPE "multipart/mixed; boundary=b\r\n", FORM_MULTIPART, true, false, "b"},
    {TYPE "Multipart/Mixed; BOUNDARY=\"=_a:b;c (d)\"\r\n", FORM_MULTIPART, true,
	false, "=_a:b;c (d)"},
    {TYPE "multipart/mixed; boundary=\"a\\\"b\\\\c\"\r\n", FORM_MULTIPART, true,
	false, "a\"b\\c"},
    {TYPE "multipart/mixed; boundary=b (x)\r\n", FORM_MULTIPART, true, false,
	"b"},
    {TYPE "multipart/mixed (x); a=b; boundary=\"b\"; c\r\n", FORM_MULTIPART,
	true, false, "b"},
    {TYPE "multipart/mixed;;boundary=b;\r\n", FORM_MULTIPART, true, false, "b"},
    {TYPE "multipart/mixed\r\n", FORM_MULTIPART, true, false, ""},
    {TYPE "multipart/mixed; boundary=\"\"\r\n", FORM_MULTIPART, true, false,
	""},
    {TYPE "multipart/mixed; boundary=\"a\r\n b\"\r\n", FORM_MULTIPART, true,
	false, "a b"},
    {TYPE "multipart/signed; boundary=b; micalg=x\r\n", FORM_MULTIPART, true,
	true, "b"},
    {TYPE "text/plain; boundary=b\r\n", FORM_TEXT, true, false, ""},
    {"X: y\r\n" TYPE "text/html\r\n", FORM_TEXT, true, false, ""},
};

static void
test_types(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(types); i++) {
		struct media m;

		media_read(span_of(types[i].head), &m);
		if (m.form != types[i].form || m.ascii != types[i].ascii ||
		    m.is_signed != types[i].is_signed ||
		    strcmp(m.boundary, types[i].boundary) != 0)
			fail_msg("\"%s\": form %d, ascii %d, signed %d, \"%s\"",
			    types[i].head, m.form, m.ascii, m.is_signed,
			    m.boundary);
		if (m.typed != (strcasestr(types[i].head, TYPE) != NULL ||
				   strstr(types[i].head, "content") != NULL))
			fail_msg("\"%s\": typed %d", types[i].head, m.typed);
	}
}

static const struct {
	const char *text;
	enum transfer want;
} transfers[] = {
    {"7bit", TRANSFER_7BIT},
    {" 7BIT ", TRANSFER_7BIT},
    {"8bit", TRANSFER_8BIT},
    {"8Bit (x)", TRANSFER_8BIT},
    {"binary", TRANSFER_BINARY},
    {"quoted-printable", TRANSFER_QUOTED},
    {"Quoted-Printable;", TRANSFER_QUOTED},
    {"\r\n base64", TRANSFER_BASE64},
    {"", TRANSFER_NONE},
    {"x-uuencode", TRANSFER_OTHER},
    {"base64x", TRANSFER_OTHER},
    {"8-bit", TRANSFER_OTHER},
    {"base64 (\303\274)", TRANSFER_BASE64},
    {"base64 (\303\274", TRANSFER_NONE},
    {"base64 (x", TRANSFER_BASE64},
    {"base64\303\274", TRANSFER_NONE},
    {"(\303\274) base64", TRANSFER_NONE},
};

static void
test_transfers(void **state)
{
	struct media m;
	struct buf head;

	(void)state;
	buf_init(&head, MIB);
	for (size_t i = 0; i < COUNT(transfers); i++) {
		buf_clear(&head);
		buf_printf(&head,
		    "MIME-Version: 1.0\r\nContent-Transfer-Encoding:%s\r\n",
		    transfers[i].text);
		media_read(buf_span(&head), &m);
		if (m.transfer != transfers[i].want)
			fail_msg("\"%s\": %d", transfers[i].text, m.transfer);
		assert_true(m.versioned);
		assert_false(m.typed);
	}
	media_read(span_of("A: b\r\n"), &m);
	assert_int_equal(m.transfer, TRANSFER_NONE);
	assert_false(m.versioned);
	buf_release(&head);
}

/* Up to its ceiling a boundary is all there; one over it is none. */
static void
test_long_boundary(void **state)
{
	(void)state;
	for (int len = 68; len <= BOUNDARY_SIZE + 1; len++) {
		bool fits = len < BOUNDARY_SIZE;
		struct media m;
		struct buf head;

		buf_init(&head, MIB);
		buf_printf(
		    &head, TYPE "multipart/mixed; boundary=%0*d\r\n", len, 1);
		media_read(buf_span(&head), &m);
		if (strlen(m.boundary) != (fits ? (size_t)len : 0) ||
		    m.form != FORM_MULTIPART)
			fail_msg(
			    "%d: form %d, \"%s\"", len, m.form, m.boundary);
		buf_release(&head);
	}
}

static void
test_digest(void **state)
{
	struct media m;

	(void)state;
	media_read(span_of(TYPE "multipart/digest; boundary=b\r\n"), &m);
	assert_true(m.is_digest);
	media_read(span_of(TYPE "multipart/mixed; boundary=b\r\n"), &m);
	assert_false(m.is_digest);
}

static void
test_parameters(void **state)
{
	static const struct {
		const char *name, *value;
	} want[] = {{"a", "b"}, {"c", "\"d;\\\"e\""}, {"f", ""}, {"", "g"},
	    {"", ""}, {"h", "i (j;k)"}};
	struct span rest =
	    span_of(" text/x (y;z) ; a=b;c = \"d;\\\"e\"\r\n ;f;=g;;h=i (j;k)");
	struct parameter p;

	(void)state;
	assert_true(span_is(media_take_type(&rest), "text/x"));
	for (size_t i = 0; i < COUNT(want); i++) {
		assert_true(media_next_parameter(&rest, &p));
		if (!span_is(p.name, want[i].name) ||
		    !span_is(p.value, want[i].value))
			fail_msg("%zu: \"%.*s\" \"%.*s\"", i, SPAN_ARG(p.name),
			    SPAN_ARG(p.value));
	}
	assert_false(media_next_parameter(&rest, &p));
	assert_false(media_next_parameter(&rest, &p));
}

static const struct {
	const char *value, *want;
} values[] = {{"", ""}, {"a", "a"}, {"a b", "a"}, {"a(b)", "a"}, {"\"\"", ""},
    {"\"a b\"", "a b"}, {"\"a\\\"b\"", "a\"b"}, {"\"a\\\\\"", "a\\"},
    {"\"a\r\n b\"", "a b"}, {"\"a\" b", "a"}, {"\"a", "a"}, {"\"", ""},
    {"\"a\\", "a\\"}, {"\303\274", "\303\274"}};

static void
test_unquote(void **state)
{
	struct buf to;

	(void)state;
	buf_init(&to, 100);
	for (size_t i = 0; i < COUNT(values); i++) {
		buf_clear(&to);
		media_unquote(span_of(values[i].value), &to);
		if (strcmp(buf_text(&to), values[i].want) != 0)
			fail_msg("\"%s\" gives \"%s\"", values[i].value,
			    buf_text(&to));
	}
	buf_release(&to);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_types),
	    cmocka_unit_test(test_transfers),
	    cmocka_unit_test(test_long_boundary),
	    cmocka_unit_test(test_digest),
	    cmocka_unit_test(test_parameters),
	    cmocka_unit_test(test_unquote),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
