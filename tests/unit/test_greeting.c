/* SPDX-License-Identifier: ISC */
/* What the server says before the dialogue is ours. */
#include "unit.h"

#include "delivery/greeting.h"

#include <string.h>

#define LINES_MAX 16

/* Takes all lines; the number of the first that is no reply, or -1. */
static int
take(struct greeting *g, const char *const lines[])
{
	for (int i = 0; i < LINES_MAX && lines[i] != NULL; i++)
		if (greeting_take(g, span_of(lines[i])) != 0)
			return i;
	return -1;
}

static void
test_plain_login(void **state)
{
	static const char *const lines[LINES_MAX] = {
	    "220-mail.example.com ESMTP\r\n", "220 DSN\r\n",
	    "250-mail.example.com at your service\r\n", "250-SIZE 1000\r\n",
	    "250-AUTH PLAIN LOGIN\r\n", "250 8BITMIME\r\n", "334 \r\n",
	    "235 2.7.0 Welcome\r\n"};
	struct greeting g = {0};

	(void)state;
	assert_int_equal(take(&g, lines), -1);
	assert_true(g.logged_in);
	assert_int_equal(g.ehlo_count, 1);
	assert_true(g.caps.size && g.caps.auth && g.caps.eight_bit_mime);
	assert_int_equal(g.caps.size_max, 1000);
	assert_string_equal(g.caps.mechanisms, "PLAIN LOGIN");
	assert_false(g.caps.dsn); /* that was the greeting */
	assert_int_equal(g.reply.code, 235);
	assert_string_equal(g.reply.status, "2.7.0");
	assert_false(g.in_reply);
}

/* Behind the EHLO that counts 250 answers nothing, and offers nothing. */
static void
test_auth_answered_by_250(void **state)
{
	static const char *const lines[LINES_MAX] = {"220 mail\r\n",
	    "250-mail\r\n", "250 AUTH PLAIN\r\n", "250-mail\r\n",
	    "250 CHUNKING\r\n"};
	struct greeting g = {.ehlo_wanted = 1};

	(void)state;
	assert_int_equal(take(&g, lines), -1);
	assert_true(g.login);
	assert_false(g.logged_in);
	assert_false(g.ehlo_done);
	assert_int_equal(g.ehlo_count, 1);
	assert_true(g.caps.auth);
	assert_false(g.caps.chunking);
}

/* A server may be named like a keyword, and its greeting say anything. */
static void
test_name_is_no_keyword(void **state)
{
	static const char *const lines[LINES_MAX] = {
	    "220 DSN\r\n", "250-DSN\r\n", "250 SIZE 5\r\n"};
	struct greeting g = {0};

	(void)state;
	assert_int_equal(take(&g, lines), -1);
	assert_false(g.caps.dsn);
	assert_true(g.caps.size);
}

static void
test_ehlo_of_one_line(void **state)
{
	static const char *const lines[LINES_MAX] = {"220 x", "250 DSN"};
	struct greeting g = {0};

	(void)state;
	assert_int_equal(take(&g, lines), -1);
	assert_int_equal(g.ehlo_count, 1);
	assert_true(g.ehlo_done);
	assert_false(g.caps.dsn);
}

/* What was said before TLS counts for nothing behind it. */
static void
test_second_ehlo_counts(void **state)
{
	static const char *const lines[LINES_MAX] = {"220 mail\r\n",
	    "250-mail\r\n", "250-STARTTLS\r\n", "250-SIZE 10\r\n",
	    "250-AUTH CRAM-MD5\r\n", "250 DSN\r\n", "220 2.0.0 go on\r\n",
	    "250-mail\r\n", "250-SMTPUTF8\r\n", "250 SIZE\r\n"};
	struct greeting g = {0};

	(void)state;
	assert_int_equal(take(&g, lines), -1);
	assert_int_equal(g.ehlo_count, 2);
	assert_true(g.caps.smtputf8 && g.caps.size);
	assert_int_equal(g.caps.size_max, 0);
	assert_false(g.caps.dsn || g.caps.auth || g.caps.starttls);
	assert_string_equal(g.caps.mechanisms, "");
	assert_false(g.logged_in);
}

/* EHLO refused, HELO taken: nothing is offered. */
static void
test_helo(void **state)
{
	static const char *const lines[LINES_MAX] = {
	    "220 mail", "502 5.5.1 what?", "250 mail"};
	struct greeting g = {0};

	(void)state;
	assert_int_equal(take(&g, lines), -1);
	assert_false(g.caps.auth || g.caps.size);
}

static void
test_done_is_said_once(void **state)
{
	struct greeting g = {0};

	(void)state;
	greeting_take(&g, span_of("220 mail"));
	assert_false(g.ehlo_done);
	greeting_take(&g, span_of("250-mail"));
	assert_false(g.ehlo_done);
	assert_true(g.in_reply);
	greeting_take(&g, span_of("250 DSN"));
	assert_true(g.ehlo_done);
	greeting_take(&g, span_of("334 VXNlcm5hbWU6"));
	assert_false(g.ehlo_done);
	greeting_take(&g, span_of("334 UGFzc3dvcmQ6"));
	assert_false(g.logged_in);
	greeting_take(&g, span_of("235 ok"));
	assert_true(g.logged_in);
	assert_int_equal(g.ehlo_count, 1);
}

static void
test_refused_login(void **state)
{
	static const char *const lines[LINES_MAX] = {"220 mail", "250-mail",
	    "250 AUTH PLAIN", "535-5.7.8 Bad", "535 5.7.8 credentials"};
	struct greeting g = {0};

	(void)state;
	assert_int_equal(take(&g, lines), -1);
	assert_false(g.logged_in);
	assert_int_equal(g.reply.code, 535);
	assert_string_equal(g.reply.text, "535 5.7.8 Bad credentials");
}

static void
test_no_replies(void **state)
{
	static const struct {
		const char *name;
		const char *lines[LINES_MAX];
		int wrong;
	} cases[] = {
	    {"http", {"HTTP/1.1 200 OK"}, 0},
	    {"empty", {""}, 0},
	    {"imap", {"* OK IMAP4rev1"}, 0},
	    {"code changes", {"220 x", "250-mail", "251 DSN"}, 2},
	    {"text between", {"220 x", "250-mail", "DSN", "250 ok"}, 2},
	    {"below 200", {"220 x", "150 x"}, 1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct greeting g = {0};
		int wrong = take(&g, cases[i].lines);

		if (wrong != cases[i].wrong)
			fail_msg("%s: line %d", cases[i].name, wrong);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_plain_login),
	    cmocka_unit_test(test_auth_answered_by_250),
	    cmocka_unit_test(test_name_is_no_keyword),
	    cmocka_unit_test(test_ehlo_of_one_line),
	    cmocka_unit_test(test_second_ehlo_counts),
	    cmocka_unit_test(test_helo),
	    cmocka_unit_test(test_done_is_said_once),
	    cmocka_unit_test(test_refused_login),
	    cmocka_unit_test(test_no_replies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
