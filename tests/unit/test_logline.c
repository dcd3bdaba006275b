/* SPDX-License-Identifier: ISC */
/* No value ends a line of the log, or begins a field that is not its own. */
#include "unit.h"

#include "base/logline.h"
#include "base/logtext.h"

#include <stdlib.h>
#include <string.h>

static const struct {
	enum logtext form;
	const char *text, *want;
} escapes[] = {
    {LOGTEXT_ADDRESS, "bob@example.net", "bob@example.net"},
    {LOGTEXT_ADDRESS, "bücher@example.net", "bücher@example.net"},
    {LOGTEXT_ADDRESS, "\"a> b\"@x", "\"a\\x3e b\"@x"},
    {LOGTEXT_ADDRESS, "<", "\\x3c"},
    {LOGTEXT_ADDRESS, "a\\b", "a\\\\b"},
    {LOGTEXT_ADDRESS, "list+bob=x@y", "list+bob=x@y"},
    {LOGTEXT_ADDRESS, "\", status=sent\"@y", "\", status\\x3dsent\"@y"},
    {LOGTEXT_ADDRESS, "a\r\nb", "a\\x0d\\x0ab"},
    {LOGTEXT_WORD, "smtp.example.org[2001:db8::1]:587",
	"smtp.example.org[2001:db8::1]:587"},
    {LOGTEXT_WORD, "a, b=(c) \"d\"",
	"a\\x2c\\x20b\\x3d\\x28c\\x29\\x20\\x22d\\x22"},
    {LOGTEXT_WORD, "\xc3\xbc", "\\xc3\\xbc"},
    {LOGTEXT_SENTENCE, "250 2.0.0 Ok id=1abc (q) <a@b>",
	"250 2.0.0 Ok id=1abc (q) <a@b>"},
    {LOGTEXT_SENTENCE, "x), to=<a>, relay=b, delay=1, dsn=2.0.0, status=sent (",
	"x), to\\x3d<a>, relay\\x3db, delay\\x3d1, dsn\\x3d2.0.0, "
	"status\\x3dsent ("},
    {LOGTEXT_SENTENCE, "orig_to=<a>", "orig_to\\x3d<a>"},
    {LOGTEXT_SENTENCE, "a\nb\033[2J\177", "a\\x0ab\\x1b[2J\\x7f"},
    {LOGTEXT_SENTENCE,
	"\xc2\x9b"
	"2J",
	"\\xc2\\x9b2J"},
    {LOGTEXT_SENTENCE,
	"\xe2\x80\xae"
	"x",
	"\\xe2\\x80\\xaex"},
    {LOGTEXT_SENTENCE, "\xe2\x80\xa8", "\\xe2\\x80\\xa8"},
    {LOGTEXT_SENTENCE, "\xff\xc3", "\\xff\\xc3"},
    {LOGTEXT_SENTENCE, "\xc0\xaf\xed\xa0\x80\xf5",
	"\\xc0\\xaf\\xed\\xa0\\x80\\xf5"},
    {LOGTEXT_SENTENCE, "\xe2\x82\xac\xf0\x9f\x93\xac",
	"\xe2\x82\xac\xf0\x9f\x93\xac"},
    {LOGTEXT_SENTENCE, "\\x3d", "\\\\x3d"},
    {LOGTEXT_JSON, "a\"b\\c=<d>", "a\\\"b\\\\c=<d>"},
    {LOGTEXT_JSON, "\n\x7f", "\\u000a\\u007f"},
    {LOGTEXT_JSON, "\xff", "\\ufffd"},
    {LOGTEXT_JSON, "\xe2\x80\xa8", "\\u2028"},
    {LOGTEXT_JSON, "\xf3\xa0\x80\x81", "\\udb40\\udc01"},
    {LOGTEXT_JSON, "\xf0\x9f\x93\xac", "\xf0\x9f\x93\xac"},
};

static void
test_escapes(void **state)
{
	char got[200];

	(void)state;
	for (size_t i = 0; i < COUNT(escapes); i++) {
		size_t n = logtext_escape(
		    got, sizeof got, escapes[i].form, span_of(escapes[i].text));

		assert_string_equal(got, escapes[i].want);
		assert_int_equal(n, strlen(got));
	}
}

/* A NUL, and no room: cut between two characters, and never behind the end. */
static void
test_edges(void **state)
{
	char got[8];

	(void)state;
	logtext_escape(got, sizeof got, LOGTEXT_SENTENCE, span("a\0b", 3));
	assert_string_equal(got, "a\\x00b");
	for (size_t size = 1; size <= sizeof got; size++) {
		memset(got, 'z', sizeof got);
		logtext_escape(got, size, LOGTEXT_SENTENCE, span("\0\0", 2));
		assert_string_equal(got, size > 4 ? "\\x00" : "");
	}
}

static void
fill(struct logline *l, const char *address, const char *said)
{
	logline_address(l, "from", address);
	logline_number(l, "size", 123);
	logline_word(l, "tls", "");
	logline_list_begin(l, "to");
	logline_list_add(l, "to", address);
	logline_list_add(l, "to", "c@d");
	logline_list_end(l);
	logline_seconds(l, "delay", 61059);
	logline_end(l, "status", "sent", said);
}

static void
test_text(void **state)
{
	struct logline l;

	(void)state;
	logline_begin(&l, false, "info", "ABC");
	fill(&l, "a@b", "250 Ok");
	assert_string_equal(l.text,
	    "ABC: from=<a@b>, size=123, tls=none, to=<a@b>, to=<c@d>, "
	    "delay=61.05, status=sent (250 Ok)");
	logline_begin(&l, false, "info", "ABC");
	logline_end(&l, "status", "accepted", NULL);
	assert_string_equal(l.text, "ABC: status=accepted");
	logline_sentence(&l, false, "info", "it is so, to=<b>");
	assert_string_equal(l.text, "it is so, to\\x3d<b>");
}

static void
test_json(void **state)
{
	static const char rest[] =
	    "\",\"level\":\"info\",\"queue_id\":\"ABC\",\"from\":\"a@b\","
	    "\"size\":123,\"tls\":\"none\",\"to\":[\"a@b\",\"c@d\"],"
	    "\"delay\":61.05,\"status\":\"sent\",\"reply\":\"250 \\\"Ok\"}";
	static const char time[] = "{\"time\":\"2026-11-22T02:24:53Z";
	struct logline l;

	(void)state;
	logline_begin(&l, true, "info", "ABC");
	fill(&l, "a@b", "250 \"Ok");
	assert_string_equal(l.text + strlen(time), rest);
	logline_sentence(&l, true, "warning", "a \"b\"");
	assert_string_equal(l.text + strlen(time),
	    "\",\"level\":\"warning\",\"message\":\"a \\\"b\\\"\"}");
}

/* The worst that can come: all is there, to the last bracket. */
static void
check_large(bool json)
{
	static char worst[4000];
	struct logline l;
	size_t listed = 0;

	memset(worst, '\xff', sizeof worst - 1);
	logline_begin(&l, json, "warning", "660CEF6A6BE9932C113");
	logline_address(&l, "from", worst);
	logline_address(&l, "message-id", worst);
	logline_word(&l, "via", worst);
	logline_word(&l, "tls", worst);
	logline_list_begin(&l, "to");
	for (int i = 0; i < 200 && logline_list_add(&l, "to", "a@b"); i++)
		listed++;
	assert_true(listed > 50 && listed < 200);
	logline_list_end(&l);
	logline_list_begin(&l, "to");
	while (logline_list_add(&l, "to", worst))
		listed++;
	logline_list_end(&l);
	logline_word(&l, "relay", worst);
	logline_end(&l, "status", "deferred", worst);
	assert_true(l.len < sizeof l.text - 1000);
	assert_int_equal(l.len, strlen(l.text));
	assert_string_equal(l.text + l.len - 5, json ? "...\"}" : "f...)");
}

static void
test_large(void **state)
{
	(void)state;
	check_large(false);
	check_large(true);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_escapes),
	    cmocka_unit_test(test_edges),
	    cmocka_unit_test(test_text),
	    cmocka_unit_test(test_json),
	    cmocka_unit_test(test_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
