/* SPDX-License-Identifier: ISC */
/* Entries: round trips and ceilings. */
#include "unit.h"

#include "head_cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
check_encoding(const struct entry *e, bool stamped, const char *want)
{
	struct buf b;

	buf_init(&b, ENTRY_HEAD_MAX);
	entry_encode(e, stamped, &b);
	assert_string_equal(buf_text(&b), want);
	buf_release(&b);
}

static void
test_round_trip_of_all(void **state)
{
	static const char head[] =
	    FIRST STAMPS "relay work\nfrom <alice@example.com>\nbody 8BITMIME\n"
			 "smtputf8 yes\nret HDRS\nenvid QQ314159\n"
			 "to <bob@example.net>\tNOTIFY=SUCCESS,FAILURE"
			 "\tORCPT=rfc822;bob@example.net\n"
			 "to <root>\n"
			 "to <\"a b>c\"@[192.0.2.1]>\tNOTIFY=NEVER\n"
			 "to <j\xc3\xb6rg@example.org>\tORCPT=utf-8;x\n"
			 "size 4294967296\n\n";
	const struct recipient *rcpt;
	struct error err;
	struct entry e;

	(void)state;
	if (entry_decode(&e, true, span_of(head), &err) != 0)
		fail_msg("%s", err.text);
	rcpt = e.envelope.rcpt;
	assert_string_equal(e.id, ID);
	assert_int_equal(e.time, 1795289101);
	assert_int_equal(e.uid, 1000);
	assert_string_equal(e.relay, "work");
	assert_string_equal(e.envelope.sender, "alice@example.com");
	assert_true(e.envelope.eight_bit && e.envelope.utf8);
	assert_string_equal(e.envelope.ret, "HDRS");
	assert_string_equal(e.envelope.envid, "QQ314159");
	assert_int_equal(e.envelope.rcpt_count, 4);
	assert_string_equal(rcpt[0].notify, "SUCCESS,FAILURE");
	assert_string_equal(rcpt[0].orcpt, "rfc822;bob@example.net");
	assert_null(rcpt[1].notify);
	assert_string_equal(rcpt[2].address, "\"a b>c\"@[192.0.2.1]");
	assert_null(rcpt[3].notify);
	assert_int_equal(e.size, 4294967296);
	assert_int_equal(entry_count(&e, RCPT_WAITING), 4);
	assert_true(e.attempts == 0 && !e.held && e.trouble == NULL);
	check_encoding(&e, true, head);
	entry_release(&e);
	assert_null(e.envelope.rcpt);
	entry_release(&e);
}

static void
test_round_trip_of_the_least(void **state)
{
	static const char head[] = FIRST "from <>\n" TO SIZE "\n";
	struct error err;
	struct entry e;

	(void)state;
	assert_int_equal(entry_decode(&e, false, span_of(head), &err), 0);
	assert_string_equal(e.envelope.sender, "");
	assert_string_equal(e.relay, "");
	assert_false(e.envelope.eight_bit || e.envelope.utf8);
	assert_null(e.envelope.ret);
	check_encoding(&e, false, head);
	entry_release(&e);
}

static void
test_head_length(void **state)
{
	static const char text[] = FIRST FROM TO SIZE "\nSubject: x\r\n\r\n";
	size_t len = strlen(FIRST FROM TO SIZE "\n");

	(void)state;
	for (size_t n = 0; n < sizeof text; n++)
		assert_int_equal(
		    entry_head_length(span(text, n)), n < len ? 0 : len);
}

static void
test_nul_anywhere(void **state)
{
	char head[] = FIRST "relay work\n" FROM "envid abc\n" TO SIZE "\n";
	size_t len = sizeof head - 1;

	(void)state;
	assert_true(decodes(span(head, len), false));
	for (size_t i = 0; i < len; i++) {
		char was = head[i];

		head[i] = '\0';
		if (decodes(span(head, len), false))
			fail_msg("taken with a NUL at %zu", i);
		head[i] = was;
	}
}

static void
test_ceiling_of_recipients(void **state)
{
	struct buf head;

	(void)state;
	buf_init(&head, ENTRY_HEAD_MAX);
	buf_add_text(&head, FIRST FROM SIZE);
	for (int i = 0; i < RCPT_COUNT_MAX; i++)
		buf_printf(&head, "to <user%d@example.net>\n", i);
	buf_add_text(&head, "\n");
	assert_true(decodes(buf_span(&head), false));
	head.len--;
	buf_add_text(&head, "to <one.more@example.net>\n\n");
	assert_false(decodes(buf_span(&head), false));
	buf_release(&head);
}

/* form with n octets of x in its hole. */
static bool
decodes_long(const char *form, size_t n)
{
	const char *hole = strstr(form, "%s");
	struct buf head;
	bool good;

	buf_init(&head, ENTRY_HEAD_MAX);
	buf_add(&head, form, (size_t)(hole - form));
	for (size_t i = 0; i < n; i++)
		buf_add_byte(&head, 'x');
	buf_add_text(&head, hole + 2);
	good = decodes(buf_span(&head), false);
	buf_release(&head);
	return good;
}

static void
test_ceilings_of_words(void **state)
{
	static const char relay[] = FIRST "relay %s\n" FROM TO SIZE "\n";
	static const char local[] = FIRST FROM "to <%s@b>\n" SIZE "\n";
	static const char domain[] = FIRST FROM "to <a@%s>\n" SIZE "\n";

	(void)state;
	assert_true(decodes_long(relay, RELAY_NAME_SIZE - 1));
	assert_false(decodes_long(relay, RELAY_NAME_SIZE));
	assert_true(decodes_long(local, LOCAL_PART_MAX));
	assert_false(decodes_long(local, LOCAL_PART_MAX + 1));
	assert_true(decodes_long(domain, LABEL_MAX));
	assert_false(decodes_long(domain, LABEL_MAX + 1));
}

/*
 * RFC 3461 4: ENVID has at most 100 characters, ORCPT 500. A command that is
 * too long to be said would look like a fault of the relay and so keep the
 * mail of everybody else.
 */
static void
test_ceilings_of_parameters(void **state)
{
	static const char *const forms[] = {FIRST FROM "envid %s\n" TO SIZE
						       "\n",
	    FIRST FROM "to <a@b>\tORCPT=rfc822;%s\n" SIZE "\n",
	    FIRST FROM "to <a@b>\tNOTIFY=%s\n" SIZE "\n"};

	(void)state;
	for (size_t i = 0; i < COUNT(forms); i++)
		if (decodes_long(forms[i], 300 * KIB))
			fail_msg("taken with 300 KiB: %s", forms[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_round_trip_of_all),
	    cmocka_unit_test(test_round_trip_of_the_least),
	    cmocka_unit_test(test_head_length),
	    cmocka_unit_test(test_nul_anywhere),
	    cmocka_unit_test(test_ceiling_of_recipients),
	    cmocka_unit_test(test_ceilings_of_words),
	    cmocka_unit_test(test_ceilings_of_parameters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
