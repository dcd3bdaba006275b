/* SPDX-License-Identifier: ISC */
/* SRV records: what is read from an answer, and in which order it is tried. */
#include "unit.h"

#include "delivery/srv.h"

#include <stdio.h>
#include <string.h>

#define HEADER(count) "\x12\x34\x85\x80\0\1\0" count "\0\0\0\0"
#define QUESTION "\5_test\1x\0\0\x21\0\1"
#define RECORD(length, rest) "\xc0\x0c\0\x21\0\1\0\0\0\x3c\0" length rest
#define WHOLE(text) text, sizeof(text) - 1

/* want: "PRIORITY WEIGHT PORT HOST" of each; NULL: it is no answer. */
static const struct {
	const char *name, *answer;
	size_t len;
	const char *want;
} answers[] = {
    {"none", WHOLE(HEADER("\0") QUESTION), ""},
    {"one",
	WHOLE(HEADER("\1") QUESTION RECORD("\x0c", "\0\1\0\2\1\xd1\2mx\1x\0")),
	"1 2 465 mx.x;"},
    {"two, compressed",
	WHOLE(HEADER("\2") QUESTION RECORD("\x0c", "\0\1\0\2\1\xd1\2mx\1x\0")
		RECORD("\x08", "\xff\xff\0\0\xff\xff\xc0\x2e")),
	"1 2 465 mx.x;65535 0 65535 x;"},
    {"no service", WHOLE(HEADER("\1") QUESTION RECORD("\7", "\0\0\0\0\0\0\0")),
	"0 0 0 ;"},
    {"another type",
	WHOLE(HEADER("\1") QUESTION "\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\x7f\0\0\1"),
	""},
    {"no host in it", WHOLE(HEADER("\1") QUESTION RECORD("\6", "\0\0\0\0\0\1")),
	""},
    {"host that is none",
	WHOLE(HEADER("\1") QUESTION RECORD("\x0b", "\0\0\0\0\0\1\3a/b\0")), ""},
    {"pointer to itself",
	WHOLE(HEADER("\1") QUESTION RECORD("\x08", "\0\0\0\0\0\1\xc0\x2b")),
	""},
    {"a question", WHOLE("\x12\x34\1\0\0\1\0\0\0\0\0\0" QUESTION), NULL},
    {"fewer than said", WHOLE(HEADER("\1") QUESTION), NULL},
    {"cut", WHOLE(HEADER("\1") QUESTION "\xc0\x0c\0\x21\0\1\0\0\0\x3c\0\x0b"),
	NULL},
    {"empty", WHOLE(""), NULL},
    {"half a header", WHOLE("\x12\x34\x85\x80"), NULL},
};

static void
test_parse(void **state)
{
	static struct srv_record records[SRV_RECORDS_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(answers); i++) {
		char got[1200] = "";
		int n = srv_parse((const unsigned char *)answers[i].answer,
		    answers[i].len, records);

		for (int r = 0; r < n; r++)
			snprintf(got + strlen(got), sizeof got - strlen(got),
			    "%u %u %u %.250s;", records[r].priority,
			    records[r].weight, records[r].port,
			    records[r].host);
		if ((n < 0) != (answers[i].want == NULL) ||
		    (n >= 0 && strcmp(got, answers[i].want) != 0))
			fail_msg("%s: %d \"%s\"", answers[i].name, n, got);
	}
}

/* Every answer cut anywhere, and with any byte changed, is survived. */
static void
test_spoilt(void **state)
{
	static struct srv_record records[SRV_RECORDS_MAX];
	unsigned char copy[256];

	(void)state;
	for (size_t i = 0; i < COUNT(answers); i++)
		for (size_t at = 0; at < answers[i].len; at++) {
			memcpy(copy, answers[i].answer, answers[i].len);
			srv_parse(copy, at, records);
			for (unsigned byte = 0; byte < 256; byte++) {
				copy[at] = (unsigned char)byte;
				srv_parse(copy, answers[i].len, records);
			}
		}
}

static uint32_t number;

static uint32_t
next_number(void)
{
	return number++;
}

static void
test_order(void **state)
{
	static const struct srv_record all[] = {
	    {"c", 2, 0, 1},
	    {"heavy", 1, 30, 1},
	    {"zero", 1, 0, 1},
	    {"light", 1, 10, 1},
	    {"a", 0, 5, 1},
	};
	unsigned heavy = 0, light = 0, zero = 0;

	(void)state;
	for (number = 0; number < 41 * 100;) {
		struct srv_record r[COUNT(all)];

		memcpy(r, all, sizeof all);
		srv_order(r, COUNT(all), next_number);
		assert_string_equal(r[0].host, "a");
		assert_string_equal(r[4].host, "c");
		heavy += strcmp(r[1].host, "heavy") == 0;
		light += strcmp(r[1].host, "light") == 0;
		zero += strcmp(r[1].host, "zero") == 0;
		/* None is lost, none is twice. */
		assert_int_equal(r[1].weight + r[2].weight + r[3].weight, 40);
	}
	assert_true(heavy > 2 * light && light > 2 * zero && zero > 0);
	srv_order(NULL, 0, next_number);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_parse),
	    cmocka_unit_test(test_spoilt),
	    cmocka_unit_test(test_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
