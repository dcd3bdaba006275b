/* SPDX-License-Identifier: ISC */
/* What a sender asks to be told. */
#include "unit.h"

#include "message/dsn.h"

#include <string.h>

static struct envelope envelope;
static struct error err;

static int
ask(const char *notify, const char *ret, const char *envid)
{
	envelope_release(&envelope);
	assert_int_equal(
	    envelope_add(&envelope, span_of("bob@example.net"), &err), 0);
	assert_int_equal(
	    envelope_add(&envelope, span_of("carol@example.net"), &err), 0);
	return dsn_request(&envelope, notify, ret, envid, &err);
}

static void
test_nothing(void **state)
{
	(void)state;
	assert_int_equal(ask(NULL, NULL, NULL), 0);
	assert_null(envelope.rcpt[0].notify);
	assert_null(envelope.ret);
	assert_null(envelope.envid);
}

static void
test_notify(void **state)
{
	static const struct {
		const char *asked, *want;
	} good[] = {
	    {"never", "NEVER"},
	    {"NEVER", "NEVER"},
	    {"success", "SUCCESS"},
	    {"Failure", "FAILURE"},
	    {"delay,success", "SUCCESS,DELAY"},
	    {"failure,delay,success", "SUCCESS,FAILURE,DELAY"},
	    {"failure, delay", "FAILURE,DELAY"},
	    {"delay,delay", "DELAY"},
	};
	static const char *const bad[] = {"", ",", "always", "never,delay",
	    "success never", "success\r\nRSET", "fail"};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		assert_int_equal(ask(good[i].asked, NULL, NULL), 0);
		assert_string_equal(envelope.rcpt[0].notify, good[i].want);
		assert_string_equal(envelope.rcpt[1].notify, good[i].want);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(ask(bad[i], NULL, NULL), -1);
		assert_int_equal(err.kind, ERR_USAGE);
		assert_null(envelope.rcpt[0].notify);
	}
}

static void
test_ret(void **state)
{
	(void)state;
	assert_int_equal(ask(NULL, "full", NULL), 0);
	assert_string_equal(envelope.ret, "FULL");
	assert_int_equal(ask(NULL, "Hdrs", NULL), 0);
	assert_string_equal(envelope.ret, "HDRS");
	assert_int_equal(ask(NULL, "", NULL), -1);
	assert_int_equal(ask(NULL, "headers", NULL), -1);
	assert_int_equal(err.kind, ERR_USAGE);
}

static void
test_envid(void **state)
{
	static const char *const good[] = {"QQ314159", "a+2Bb", "+3D", "~!"};
	static const char *const bad[] = {"", "a b", "a=b", "a+b", "a+2", "a+",
	    "a+2b", "a\r\n", "\xc3\xb6", "a\x7f"};
	char longest[102];

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		assert_int_equal(ask(NULL, NULL, good[i]), 0);
		assert_string_equal(envelope.envid, good[i]);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(ask(NULL, NULL, bad[i]), -1);
		assert_int_equal(err.kind, ERR_USAGE);
		assert_null(envelope.envid);
	}
	memset(longest, 'x', 101);
	longest[101] = '\0';
	assert_int_equal(ask(NULL, NULL, longest), -1);
	longest[100] = '\0';
	assert_int_equal(ask(NULL, NULL, longest), 0);
	envelope_release(&envelope);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_nothing),
	    cmocka_unit_test(test_notify),
	    cmocka_unit_test(test_ret),
	    cmocka_unit_test(test_envid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
