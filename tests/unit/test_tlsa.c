/* SPDX-License-Identifier: ISC */
/* TLSA records: what is read from an answer, and which of them count. */
#include "unit.h"

#include "delivery/dns.h"
#include "delivery/tlsa.h"

#include <stdio.h>
#include <string.h>

#define HEADER(count) "\x12\x34\x85\xa0\0\1\0" count "\0\0\0\0"
#define QUESTION "\5_test\1x\0\0\x34\0\1"
#define RECORD(length, rest) "\xc0\x0c\0\x34\0\1\0\0\0\x3c\0" length rest
#define SUM "0123456789abcdef0123456789abcdef"
#define SHORT "0123456789abcdef0123456789abcde"
#define HEX "3031323334353637383961626364656630313233343536373839616263646566"
#define WHOLE(text) text, sizeof(text) - 1

/* want: each that counts, as text; NULL: it is no answer. */
static const struct {
	const char *name, *answer;
	size_t len;
	const char *want;
} answers[] = {
    {"none", WHOLE(HEADER("\0") QUESTION), ""},
    {"one", WHOLE(HEADER("\1") QUESTION RECORD("\x23", "\3\1\1" SUM)),
	"3 1 1 " HEX ";"},
    {"an alias before it",
	WHOLE(HEADER("\2") QUESTION
	    "\xc0\x0c\0\5\0\1\0\0\0\x3c\0\2\xc0\x12" RECORD(
		"\x23", "\2\0\1" SUM)),
	"2 0 1 " HEX ";"},
    {"whole, and short", WHOLE(HEADER("\1") QUESTION RECORD("\4", "\0\1\0x")),
	"0 1 0 78;"},
    {"nothing in it", WHOLE(HEADER("\1") QUESTION RECORD("\3", "\3\1\0")), ""},
    {"less than a head", WHOLE(HEADER("\1") QUESTION RECORD("\1", "\3")), ""},
    {"a digest that is short",
	WHOLE(HEADER("\1") QUESTION RECORD("\x22", "\3\1\1" SHORT)), ""},
    {"a digest of another length",
	WHOLE(HEADER("\1") QUESTION RECORD("\x23", "\3\1\2" SUM)), ""},
    {"unknown numbers",
	WHOLE(HEADER("\3") QUESTION RECORD("\x23", "\4\1\1" SUM)
		RECORD("\x23", "\3\2\1" SUM) RECORD("\x23", "\3\1\3" SUM)),
	""},
    {"a stronger one",
	WHOLE(HEADER("\4") QUESTION RECORD("\x23", "\3\1\1" SUM)
		RECORD("\x23", "\3\0\1" SUM) RECORD("\x43", "\3\1\2" SUM SUM)
		    RECORD("\4", "\3\1\0x")),
	"3 0 1 " HEX ";3 1 2 "
	"3031323334353637383961626364656630313233343536373839616263646566"
	"303132...;3 1 0 78;"},
    {"another type",
	WHOLE(HEADER("\1") QUESTION "\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\x7f\0\0\1"),
	""},
    {"another class",
	WHOLE(HEADER("\1") QUESTION
	    "\xc0\x0c\0\x34\0\3\0\0\0\x3c\0\x23\3\1\1" SUM),
	""},
    {"a question", WHOLE("\x12\x34\1\0\0\1\0\0\0\0\0\0" QUESTION), NULL},
    {"fewer than said", WHOLE(HEADER("\1") QUESTION), NULL},
    {"cut", WHOLE(HEADER("\1") QUESTION RECORD("\x23", "\3\1\1")), NULL},
    {"empty", WHOLE(""), NULL},
};

static int
read_answer(const unsigned char *answer, size_t len,
    struct tlsa records[TLSA_RECORDS_MAX])
{
	struct span data[TLSA_RECORDS_MAX];
	int n = dns_records(answer, len, DNS_TLSA, data, TLSA_RECORDS_MAX);

	return n < 0 ? -1 : (int)tlsa_read(data, (size_t)n, records);
}

static void
test_read(void **state)
{
	struct tlsa records[TLSA_RECORDS_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(answers); i++) {
		char got[600] = "", text[TLSA_TEXT_SIZE];
		int n = read_answer((const unsigned char *)answers[i].answer,
		    answers[i].len, records);

		for (int r = 0; r < n; r++) {
			tlsa_text(&records[r], text);
			snprintf(got + strlen(got), sizeof got - strlen(got),
			    "%s;", text);
		}
		if ((n < 0) != (answers[i].want == NULL) ||
		    (n >= 0 && strcmp(got, answers[i].want) != 0))
			fail_msg("%s: %d \"%s\"", answers[i].name, n, got);
	}
}

/* Every answer cut anywhere, and with any byte changed, is survived. */
static void
test_spoilt(void **state)
{
	struct tlsa records[TLSA_RECORDS_MAX];
	unsigned char copy[512];

	(void)state;
	for (size_t i = 0; i < COUNT(answers); i++)
		for (size_t at = 0; at < answers[i].len; at++) {
			memcpy(copy, answers[i].answer, answers[i].len);
			read_answer(copy, at, records);
			for (unsigned byte = 0; byte < 256; byte++) {
				copy[at] = (unsigned char)byte;
				read_answer(copy, answers[i].len, records);
			}
		}
}

/* No more than there is room for, and the room is there for the good ones. */
static void
test_many(void **state)
{
	struct span data[TLSA_RECORDS_MAX + 8];
	struct tlsa records[TLSA_RECORDS_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(data); i++)
		data[i] = i < 4 ? span_of("\4\1\1") : span("\3\1\0x", 4);
	assert_int_equal(
	    tlsa_read(data, COUNT(data), records), TLSA_RECORDS_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_read),
	    cmocka_unit_test(test_spoilt),
	    cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
