/* SPDX-License-Identifier: ISC */
/* What a server may say in SCRAM, and a whole login with one of the library. */
#include "unit.h"

#include "delivery/sasl.h"
#include "delivery/scram.h"

#include <string.h>

static void
test_nonce(void **state)
{
	static const struct {
		const char *first, *nonce;
	} cases[] = {
	    {"n,,n=user,r=fyko+d2l", "fyko+d2l"},
	    {"p=tls-exporter,,n=a=2Cb=3Dr,r=x=y", "x=y"},
	    {"n,,n=user", ""},
	    {"n,,n=user,r=", ""},
	    {"", ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (!span_is(
			scram_nonce(span_of(cases[i].first)), cases[i].nonce))
			fail_msg("%s", cases[i].first);
}

static void
test_first(void **state)
{
	static const struct {
		const char *message;
		const char *why; /* part of it; NULL: nothing is wrong */
	} cases[] = {
	    /* RFC 5802 5, RFC 7677 3 */
	    {"r=ours3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096", NULL},
	    {"r=ours%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22Z,i=4096", NULL},
	    {"r=oursx,s=c2FsdA==,i=1000000", NULL},
	    {"r=oursx,s=c2FsdA==,i=4096,x=more,Y=z", NULL},
	    {"r=oursx,s=c2FsdA==,i=1000001", "too many"},
	    {"r=oursx,s=c2FsdA==,i=4095", "too few"},
	    {"r=oursx,s=c2FsdA==,i=0", "too few"},
	    {"r=oursx,s=c2FsdA==,i=18446744073709555712", "no number"},
	    {"r=oursx,s=c2FsdA==,i=4096x", "no number"},
	    {"r=oursx,s=c2FsdA==,i=", "no number"},
	    {"r=oursx,s=c2FsdA==", "no number"},
	    {"r=oursx,s=c2FsdA==,x=y,i=4096", "no number"},
	    {"r=oursx,s=,i=4096", "no salt"},
	    {"r=oursx,i=4096", "no salt"},
	    {"r=oursx", "no salt"},
	    {"r=ours,s=c2FsdA==,i=4096", "nonce"},
	    {"r=our,s=c2FsdA==,i=4096", "nonce"},
	    {"r=theirs,s=c2FsdA==,i=4096", "nonce"},
	    {"s=c2FsdA==,r=oursx,i=4096", "no nonce"},
	    {"", "no nonce"},
	    {",", "no nonce"},
	    {"e=unknown-user", "no nonce"},
	    {"m=x,r=oursx,s=c2FsdA==,i=4096", "extension"},
	    {"r=oursx,s=c2FsdA==,i=4096,m=x", "must not"},
	    {"r=oursx,s=c2FsdA==,i=4096,i=1", "must not"},
	    {"r=oursx,s=c2FsdA==,i=4096,r=a", "must not"},
	    {"r=oursx,s=c2FsdA==,i=4096,,", "must not"},
	    {"r=oursx,s=c2FsdA==,i=4096,x", "must not"},
	    {"r=oursx,s=c2FsdA==,i=4096,1=x", "must not"},
	    {"r=ours\nx,s=c2FsdA==,i=4096", "no text"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *why =
		    scram_fault(span_of(cases[i].message), span_of("ours"));

		if ((why == NULL) != (cases[i].why == NULL) ||
		    (why != NULL && strstr(why, cases[i].why) == NULL))
			fail_msg("%s: %s", cases[i].message,
			    why != NULL ? why : "nothing");
	}
	assert_non_null(
	    scram_fault(span("r=oursx\0,s=eA==,i=4096", 22), span_of("ours")));
	/* Whatever it begins with, if we have none. */
	assert_non_null(scram_fault(span_of("r=x,s=eA==,i=4096"), span_of("")));
}

/* Each answer, to one challenge after the other. */
static void
answers(int m, const char *const challenges[], const char *last)
{
	const struct binding binding = {0};
	const struct sasl_options options = {.mechanism = m,
	    .user = "user",
	    .password = "pencil",
	    .binding = &binding};
	struct error err = {0};
	struct buf answer;
	struct sasl *sasl = sasl_begin(&options, &err);

	assert_non_null(sasl);
	buf_init(&answer, 1000);
	for (size_t i = 0; challenges[i] != NULL; i++) {
		assert_false(sasl_is_done(sasl));
		buf_clear(&answer);
		assert_int_equal(
		    sasl_step(sasl, span_of(challenges[i]), &answer, &err), 0);
	}
	assert_true(sasl_is_done(sasl));
	assert_string_equal(buf_text(&answer), last);
	buf_release(&answer);
	sasl_end(sasl);
}

static void
test_plain_and_login(void **state)
{
	static const char *const plain[] = {"", NULL};
	static const char *const login[] = {"", "UGFzc3dvcmQ6", NULL};

	(void)state;
#ifndef HAVE_GSASL
	skip();
#endif
	answers(MECHANISM_PLAIN, plain, "AHVzZXIAcGVuY2ls");
	answers(MECHANISM_LOGIN, login, "cGVuY2ls");
}

/* A binding that is not there is no reason to go on without. */
static void
test_plus_without_binding(void **state)
{
	const struct binding binding = {0};
	const struct sasl_options options = {
	    .mechanism = MECHANISM_SCRAM_SHA_256_PLUS,
	    .user = "user",
	    .password = "pencil",
	    .binding = &binding};
	struct error err = {0};
	struct buf answer;
	struct sasl *sasl;

	(void)state;
#ifndef HAVE_GSASL
	skip();
#endif
	buf_init(&answer, 1000);
	sasl = sasl_begin(&options, &err);
	assert_non_null(sasl);
	assert_int_equal(sasl_step(sasl, span_of(""), &answer, &err), -1);
	assert_int_equal(err.kind, ERR_PERMISSION);
	assert_int_equal(answer.len, 0);
	sasl_end(sasl);
	sasl_end(NULL);
	buf_release(&answer);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_nonce),
	    cmocka_unit_test(test_first),
	    cmocka_unit_test(test_plain_and_login),
	    cmocka_unit_test(test_plus_without_binding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
