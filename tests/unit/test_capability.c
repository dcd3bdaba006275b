/* SPDX-License-Identifier: ISC */
/* Keywords of EHLO. */
#include "unit.h"

#include "config/mechanism.h"
#include "delivery/capability.h"

#include <string.h>

#define HUGE "9223372036854775807"

static const struct {
	const char *line;
	struct capabilities want;
} cases[] = {
    {"STARTTLS", {.starttls = true}},
    {"starttls", {.starttls = true}},
    {"PIPELINING", {.pipelining = true}},
    {"CHUNKING", {.chunking = true}},
    {"8BITMIME", {.eight_bit_mime = true}},
    {"SMTPUTF8", {.smtputf8 = true}},
    {"REQUIRETLS", {.require_tls = true}},
    {"DSN", {.dsn = true}},
    {"dSn", {.dsn = true}},
    {"DSN with words", {.dsn = true}},
    {"ENHANCEDSTATUSCODES", {.enhanced_codes = true}},
    {"SIZE", {.size = true}},
    {"SIZE 0", {.size = true}},
    {"SIZE 35651584", {.size = true, .size_max = 35651584}},
    {"size 1", {.size = true, .size_max = 1}},
    {"SIZE  10 ", {.size = true, .size_max = 10}},
    {"SIZE " HUGE, {.size = true, .size_max = INT64_MAX}},
    {"SIZE 9223372036854775808", {.size = true}},
    {"SIZE 99999999999999999999999", {.size = true}},
    {"SIZE -1", {.size = true}},
    {"SIZE 10M", {.size = true}},
    {"AUTH PLAIN LOGIN", {.auth = true, .mechanisms = "PLAIN LOGIN"}},
    {"auth XOAUTH2", {.auth = true, .mechanisms = "XOAUTH2"}},
    {"AUTH", {.auth = true}},
    {"AUTH a\033b", {.auth = true, .mechanisms = "a?b"}},

    /* What only looks like one. */
    {"", {0}},
    {" ", {0}},
    {"VRFY", {0}},
    {"XDSN", {0}},
    {"DSNX", {0}},
    {"DS", {0}},
    {"X DSN", {0}},
    {"SIZES 10", {0}},
    {"AUTHINFO PLAIN", {0}},
    {"8BIT MIME", {0}},
};

static void
test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct capabilities *w = &cases[i].want;
		struct capabilities c = {0};

		capability_take(&c, span_of(cases[i].line));
		if (c.starttls != w->starttls ||
		    c.pipelining != w->pipelining ||
		    c.chunking != w->chunking ||
		    c.eight_bit_mime != w->eight_bit_mime ||
		    c.smtputf8 != w->smtputf8 || c.dsn != w->dsn ||
		    c.require_tls != w->require_tls ||
		    c.enhanced_codes != w->enhanced_codes ||
		    c.size != w->size || c.size_max != w->size_max ||
		    c.auth != w->auth ||
		    strcmp(c.mechanisms, w->mechanisms) != 0)
			fail_msg("\"%s\": size %lld, mechanisms \"%s\", or a "
				 "flag that should not be",
			    cases[i].line, (long long)c.size_max, c.mechanisms);
	}
}

static void
test_lines_add_up(void **state)
{
	struct capabilities c = {0};

	(void)state;
	capability_take(&c, span_of("SIZE 1000"));
	capability_take(&c, span_of("8BITMIME"));
	capability_take(&c, span_of("XUNKNOWN with words"));
	capability_take(&c, span_of("DSN"));
	assert_true(c.size && c.eight_bit_mime && c.dsn);
	assert_int_equal(c.size_max, 1000);
	assert_false(c.starttls || c.pipelining || c.smtputf8 || c.auth);
}

/* However long the list is, and in however many lines. */
static void
test_mechanisms_are_known(void **state)
{
	struct capabilities c = {0};
	char line[2000] = "AUTH";

	(void)state;
	for (int i = 0; i < 100; i++)
		strcat(line, " XMECHANISM");
	strcat(line, " plain PLAINER");
	capability_take(&c, span_of(line));
	assert_int_equal(c.auth_set, MECHANISM_BIT(MECHANISM_PLAIN));
	capability_take(&c, span_of("AUTH  LOGIN \r\n"));
	assert_int_equal(c.auth_set,
	    MECHANISM_BIT(MECHANISM_PLAIN) | MECHANISM_BIT(MECHANISM_LOGIN));
}

static void
test_mechanisms_are_cut(void **state)
{
	struct capabilities c = {0};
	char line[512] = "AUTH ";

	(void)state;
	memset(line + 5, 'X', sizeof line - 6);
	capability_take(&c, span_of(line));
	assert_true(c.auth);
	assert_int_equal(strlen(c.mechanisms), sizeof c.mechanisms - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_lines_add_up),
	    cmocka_unit_test(test_mechanisms_are_known),
	    cmocka_unit_test(test_mechanisms_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
