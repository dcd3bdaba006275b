/* SPDX-License-Identifier: ISC */
/* Replies: what a server may say, and what is none. */
#include "unit.h"

#include "delivery/reply.h"

#include <stdio.h>
#include <string.h>

#define LINES_MAX 4
#define DONE REPLY_DONE
#define BROKEN REPLY_BROKEN

static const struct {
	const char *name;
	const char *line[LINES_MAX]; /* all but the last give REPLY_MORE */
	enum reply_result last;
	int code;
	const char *status;
	const char *text;
} cases[] = {
    {"plain", {"250 ok"}, DONE, 250, "", "250 ok"},
    {"line end", {"250 ok\r\n"}, DONE, 250, "", "250 ok"},
    {"bare LF", {"250 ok\n"}, DONE, 250, "", "250 ok"},
    {"code alone", {"354\r\n"}, DONE, 354, "", "354"},
    {"code and blank", {"354 \r\n"}, DONE, 354, "", "354"},
    {"least code", {"200 x"}, DONE, 200, "", "200 x"},
    {"greatest code", {"599 x"}, DONE, 599, "", "599 x"},
    {"enhanced", {"550 5.1.1 No such user"}, DONE, 550, "5.1.1",
	"550 5.1.1 No such user"},
    {"enhanced alone", {"250 2.0.0"}, DONE, 250, "2.0.0", "250 2.0.0"},
    {"longest enhanced", {"550 5.999.999 x"}, DONE, 550, "5.999.999",
	"550 5.999.999 x"},
    {"enhanced of another class", {"550 4.1.1 x"}, DONE, 550, "",
	"550 4.1.1 x"},
    {"enhanced too big", {"550 5.1000.1 x"}, DONE, 550, "", "550 5.1000.1 x"},
    {"two parts", {"550 5.1 x"}, DONE, 550, "", "550 5.1 x"},
    {"four parts", {"550 5.1.1.1 x"}, DONE, 550, "", "550 5.1.1.1 x"},
    {"an address", {"250 2.x.1 x"}, DONE, 250, "", "250 2.x.1 x"},
    {"a dot behind", {"550 5.7.8. x"}, DONE, 550, "", "550 5.7.8. x"},
    {"two lines", {"250-one", "250 two"}, DONE, 250, "", "250 one two"},
    {"status once", {"550-5.1.1 No", "550-5.1.1 such", "550 5.1.1 user"}, DONE,
	550, "5.1.1", "550 5.1.1 No such user"},
    {"another status", {"550-5.1.1 No", "550 5.1.10 such"}, DONE, 550, "5.1.1",
	"550 5.1.1 No 5.1.10 such"},
    {"last line bare", {"250-one", "250"}, DONE, 250, "", "250 one"},
    {"all bare", {"250-", "250-", "250 "}, DONE, 250, "", "250"},
    {"controls", {"250 a\tb\033[2Jc\rd"}, DONE, 250, "", "250 a?b?[2Jc?d"},
    {"8 bit", {"250 gr\xc3\xbc\xc3\x9f \xff"}, DONE, 250, "",
	"250 gr\xc3\xbc\xc3\x9f \xff"},

    {"nothing", {""}, BROKEN, 0, NULL, NULL},
    {"line end only", {"\r\n"}, BROKEN, 0, NULL, NULL},
    {"two digits", {"25"}, BROKEN, 0, NULL, NULL},
    {"below", {"199 x"}, BROKEN, 0, NULL, NULL},
    {"above", {"600 x"}, BROKEN, 0, NULL, NULL},
    {"letters", {"hello"}, BROKEN, 0, NULL, NULL},
    {"blank first", {" 250 ok"}, BROKEN, 0, NULL, NULL},
    {"sign", {"+25 ok"}, BROKEN, 0, NULL, NULL},
    {"hexadecimal", {"0x2 ok"}, BROKEN, 0, NULL, NULL},
    {"four digits", {"2500 ok"}, BROKEN, 0, NULL, NULL},
    {"no blank", {"250ok"}, BROKEN, 0, NULL, NULL},
    {"tab", {"250\tok"}, BROKEN, 0, NULL, NULL},
    {"http", {"HTTP/1.1 400 Bad Request"}, BROKEN, 0, NULL, NULL},
    {"another code", {"250-one", "251 two"}, BROKEN, 0, NULL, NULL},
    {"text in between", {"250-one", "two"}, BROKEN, 0, NULL, NULL},
};

/* Takes all lines of a case; the result of the last, or REPLY_BROKEN if one
 * before it ends the reply. */
static enum reply_result
take(struct reply *r, const char *const lines[])
{
	enum reply_result result = REPLY_MORE;

	reply_init(r);
	for (size_t n = 0; n < LINES_MAX && lines[n] != NULL; n++) {
		if (result != REPLY_MORE)
			return REPLY_BROKEN;
		result = reply_take(r, span_of(lines[n]));
	}
	return result;
}

static void
test_cases(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct reply r;
		enum reply_result result = take(&r, cases[i].line);

		if (result == cases[i].last &&
		    (result == BROKEN ||
			(r.code == cases[i].code &&
			    strcmp(r.status, cases[i].status) == 0 &&
			    strcmp(r.text, cases[i].text) == 0)))
			continue;
		print_error("%s: result %d: %d \"%s\" \"%s\"\n", cases[i].name,
		    (int)result, r.code, r.status, r.text);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

static void
test_nul(void **state)
{
	static const char line[] = "250 o\0k";
	struct reply r;

	(void)state;
	reply_init(&r);
	assert_int_equal(
	    reply_take(&r, span(line, sizeof line - 1)), REPLY_BROKEN);
	reply_init(&r);
	assert_int_equal(reply_take(&r, span("25\0 ok", 6)), REPLY_BROKEN);
}

static void
test_text_is_cut(void **state)
{
	char line[1000] = "250-";
	struct reply r;

	(void)state;
	memset(line + 4, 'x', sizeof line - 5);
	line[sizeof line - 1] = '\0';
	reply_init(&r);
	for (int i = 0; i < 60; i++)
		assert_int_equal(reply_take(&r, span_of(line)), REPLY_MORE);
	assert_int_equal(reply_take(&r, span_of("250 end")), REPLY_DONE);
	assert_int_equal(strlen(r.text), REPLY_TEXT_MAX - 1);
}

/* For every length of the first line: nothing is written behind the end. */
static void
test_text_is_cut_at_every_length(void **state)
{
	static char line[REPLY_TEXT_MAX + 16];

	(void)state;
	for (size_t n = 1; n + 5 < sizeof line; n++) {
		struct {
			struct reply r;
			char guard;
		} s = {.guard = 'g'};

		memcpy(line, "250-", 4);
		memset(line + 4, 'x', n);
		reply_init(&s.r);
		reply_take(&s.r, span(line, n + 4));
		reply_take(&s.r, span_of("250 y"));
		assert_true(strlen(s.r.text) < sizeof s.r.text);
		assert_int_equal(s.guard, 'g');
	}
}

static void
test_ceiling(void **state)
{
	static const char line[] = "250-0123456789\r\n";
	size_t n = sizeof line - 1, taken = 0;
	struct reply r;

	(void)state;
	reply_init(&r);
	for (; taken + n <= REPLY_MAX; taken += n)
		assert_int_equal(reply_take(&r, span(line, n)), REPLY_MORE);
	assert_int_equal(reply_take(&r, span(line, n)), REPLY_BROKEN);
}

static void
test_class(void **state)
{
	static const struct {
		const char *line;
		int want;
	} classes[] = {{"220 x", 2}, {"334 x", 3}, {"421 x", 4}, {"599 x", 5}};
	struct reply r;

	(void)state;
	reply_init(&r);
	assert_int_equal(reply_class(&r), 0);
	assert_int_equal(r.code, 0);
	for (size_t i = 0; i < COUNT(classes); i++) {
		reply_init(&r);
		reply_take(&r, span_of(classes[i].line));
		assert_int_equal(reply_class(&r), classes[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_nul),
	    cmocka_unit_test(test_text_is_cut),
	    cmocka_unit_test(test_text_is_cut_at_every_length),
	    cmocka_unit_test(test_ceiling),
	    cmocka_unit_test(test_class),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
