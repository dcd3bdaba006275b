/* SPDX-License-Identifier: ISC */
/* Reports: what they say to whom, and that they are fit for any relay. */
#include "unit.h"

#include "base/limits.h"
#include "message/facts.h"
#include "message/report.h"
#include "message/report_status.h"
#include "message/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ORIGINAL                                                 \
	"From: a@example.com\r\nMessage-ID: <1@example.com>\r\n" \
	"Subject: x\r\n\r\nthe body\r\n"

static struct report_rcpt rcpt;
static struct report report;
static struct spool original, text;
static bool eight_bit;

static int
set_up(void **state)
{
	(void)state;
	rcpt = (struct report_rcpt){.address = "bob@example.net",
	    .text = "550 5.1.1 No such user",
	    .remote = "smtp.example.com",
	    .last_attempt = 1795289101};
	report = (struct report){.id = "ID1",
	    .about = "ID0",
	    .host_name = "host.example.org",
	    .sender = "alice@example.com",
	    .now = 1795289101,
	    .arrival = 1795289001,
	    .rcpt = &rcpt,
	    .rcpt_count = 1,
	    .original = &original};
	spool_init(&original);
	spool_init(&text);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	spool_release(&original);
	spool_release(&text);
	return 0;
}

/* The report about a message, which must be in wire form, short of lines, and
 * ASCII but where it says that it is not; to be freed. */
static char *
compose(struct span message)
{
	struct wire_check wire;
	struct facts facts;
	struct error err;
	char *all;

	spool_release(&original);
	spool_release(&text);
	spool_init(&original);
	spool_init(&text);
	assert_int_equal(spool_add(&original, message, &err), 0);
	assert_int_equal(report_compose(&report, &text, &eight_bit, &err), 0);
	all = calloc(1, (size_t)text.size + 1);
	for (int64_t at = 0; at < text.size;)
		at += spool_read(
		    &text, at, all + at, (size_t)(text.size - at), &err);
	wire_check_init(&wire);
	wire_check_take(&wire, span(all, (size_t)text.size));
	assert_true(wire_check_end(&wire));
	facts_init(&facts);
	facts_take(&facts, span(all, (size_t)text.size));
	assert_false(facts_is_unfit(&facts));
	assert_true(facts.eight_bit == 0 || eight_bit);
	return all;
}

static void
assert_has(const char *all, const char *part)
{
	if (strstr(all, part) == NULL)
		fail_msg("\"%s\" is not in:\n%s", part, all);
}

static void
assert_lacks(const char *all, const char *part)
{
	if (strstr(all, part) != NULL)
		fail_msg("\"%s\" is in:\n%s", part, all);
}

static void
test_failed(void **state)
{
	static const char *const parts[] = {
	    "From: Mail Delivery System <MAILER-DAEMON@host.example.org>\r\n",
	    "\r\nTo: <alice@example.com>\r\n",
	    "\r\nMessage-ID: <ID1@host.example.org>\r\n",
	    "\r\nIn-Reply-To: <1@example.com>\r\nReferences: "
	    "<1@example.com>\r\n",
	    "\r\nAuto-Submitted: auto-replied\r\n",
	    "multipart/report; report-type=delivery-status;",
	    "\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: "
	    "dns; host.example.org\r\nArrival-Date: ",
	    "\r\n\r\nFinal-Recipient: rfc822; bob@example.net\r\n"
	    "Action: failed\r\nStatus: 5.1.1\r\n"
	    "Remote-MTA: dns; smtp.example.com\r\n"
	    "Diagnostic-Code: smtp; 550 5.1.1 No such user\r\n"
	    "Last-Attempt-Date: ",
	    "Content-Type: text/rfc822-headers\r\n",
	    "\r\n\r\nFrom: a@example.com\r\n",
	    "    <bob@example.net>\r\n        smtp.example.com: 550 5.1.1 No"};
	char *all = compose(span_of(ORIGINAL));

	(void)state;
	for (size_t i = 0; i < COUNT(parts); i++)
		assert_has(all, parts[i]);
	assert_lacks(all, "the body");
	assert_lacks(all, "Original-Envelope-Id");
	assert_lacks(all, "Original-Recipient");
	assert_lacks(all, "Will-Retry-Until");
	assert_lacks(all, "do not send it");
	free(all);
}

static void
test_delayed(void **state)
{
	char *all;

	(void)state;
	report.delayed = true;
	report.retry_until = report.now;
	rcpt.text = "451 4.2.1 busy";
	all = compose(span_of(ORIGINAL));
	assert_has(all, "\r\nAction: delayed\r\nStatus: 4.2.1\r\n");
	assert_has(all, "\r\nWill-Retry-Until: ");
	assert_has(all, "There is nothing you need to do.");
	assert_lacks(all, "failed\r\n");
	free(all);
}

/* RFC 3461 and RFC 6533: what was encoded in the dialogue. */
static void
test_what_the_sender_gave(void **state)
{
	static const struct {
		const char *orcpt, *want;
	} cases[] = {
	    {"rfc822;bob+2Bx@example.net",
		"\r\nOriginal-Recipient: rfc822; bob+x@example.net\r\n"},
	    {"rfc822;bob+2bx@example.net", "; bob+2bx@example.net\r\n"},
	    {"rfc822;bob+0D+0AX:y", "; bob??X:y\r\n"},
	    {"rfc822;bob+", "; bob+\r\n"},
	    {"rfc822;b+FCb", "; b?b\r\n"},
	    {"utf-8;b\\x{FC}b@example.net",
		"Original-Recipient: utf-8; b\\x{FC}b@example.net\r\n"},
	    {"nonsense", "\r\n\r\nFinal-Recipient"},
	    {"x400;", "\r\n\r\nFinal-Recipient"},
	};

	(void)state;
	report.envid = "QQ+3D1";
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *all;

		rcpt.orcpt = cases[i].orcpt;
		all = compose(span_of(ORIGINAL));
		assert_has(all, cases[i].want);
		assert_has(all, "\r\nOriginal-Envelope-Id: QQ=1\r\n");
		free(all);
	}
}

static const struct {
	const char *text, *failed, *delayed;
} codes[] = {
    {"550 5.7.1 no", "5.7.1", "4.0.0"},
    {"550 no", "5.0.0", "4.0.0"},
    {"552 too much", "5.2.2", "4.0.0"},
    {"452 4.2.2 full", "5.0.0", "4.2.2"},
    {"452 full", "5.0.0", "4.3.1"},
    {"421 later", "5.0.0", "4.3.2"},
    {"450 4.999.999", "5.0.0", "4.999.999"},
    {"550 5.1234.1 no", "5.0.0", "4.0.0"},
    {"550 4.7.1 not of its class", "5.0.0", "4.0.0"},
    {"550 5.7.1x", "5.0.0", "4.0.0"},
    {"550 5.7", "5.0.0", "4.0.0"},
    {"550-5.7.1 x", "5.0.0", "4.0.0"},
    {"550", "5.0.0", "4.0.0"},
    {"5500 5.7.1", "5.0.0", "4.0.0"},
    {"the connection was lost", "5.0.0", "4.0.0"},
    {"", "5.0.0", "4.0.0"},
};

static void
test_status(void **state)
{
	char code[REPORT_STATUS_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT(codes); i++) {
		rcpt.text = codes[i].text;
		report.delayed = false;
		report_status_code(&report, &rcpt, code);
		assert_string_equal(code, codes[i].failed);
		report.delayed = true;
		report_status_code(&report, &rcpt, code);
		assert_string_equal(code, codes[i].delayed);
	}
	report.delayed = false;
	rcpt.expired = true;
	report_status_code(&report, &rcpt, code);
	assert_string_equal(code, "4.4.7");
}

/* What is no reply does not pose as one. */
static void
test_our_own_words(void **state)
{
	char *all;

	(void)state;
	rcpt.text = "the connection was lost";
	rcpt.remote = NULL;
	rcpt.last_attempt = 0;
	all = compose(span_of(ORIGINAL));
	assert_has(
	    all, "Diagnostic-Code: X-Pillarbox; the connection was lost");
	assert_lacks(all, "Remote-MTA");
	assert_lacks(all, "Last-Attempt-Date");
	free(all);
}

static void
test_beyond_ascii(void **state)
{
	char *all;

	(void)state;
	rcpt.address = "d\xc3\xb6rte+=\\@example.net";
	rcpt.text = "550 5.1.1 \xe2\x82\xac \xff\xc3 \xf0\x9f\x93\xae";
	all = compose(span_of(ORIGINAL));
	assert_has(
	    all, "Final-Recipient: utf-8; d\\x{F6}rte\\x{2B}\\x{3D}\\x{5C}@");
	assert_has(all, "smtp; 550 5.1.1 \\x{20AC} ?? \\x{1F4EE}\r\n");
	assert_has(all, "charset=utf-8\r\nContent-Transfer-Encoding: quoted-");
	assert_has(all, "<d=C3=B6rte+=3D\\@example.net>");
	assert_false(eight_bit);
	free(all);
}

/* No line over 998, whatever was said (compose() sees to that). */
static void
test_long_words(void **state)
{
	static char words[REPLY_TEXT_MAX];

	(void)state;
	for (int kind = 0; kind < 3; kind++) {
		memset(words, 'x', sizeof words - 1);
		for (size_t i = 0; kind == 1 && i < sizeof words - 1; i += 7)
			words[i] = ' ';
		for (size_t i = 0; kind == 2 && i + 2 < sizeof words; i += 2)
			memcpy(words + i, "\xc3\xa4", 2);
		memcpy(words, "550 ", 4);
		rcpt.text = words;
		free(compose(span_of(ORIGINAL)));
	}
}

static void
test_success(void **state)
{
	char *all;

	(void)state;
	rcpt.success = "relayed";
	rcpt.text = "250 2.6.0 taken";
	report.delivered = 1;
	report.full = true;
	all = compose(span_of(ORIGINAL));
	assert_has(all, "\r\nSubject: Relayed: your message was passed on\r\n");
	assert_has(all, "\r\nAction: relayed\r\nStatus: 2.6.0\r\n");
	assert_has(all, "\r\nDiagnostic-Code: smtp; 250 2.6.0 taken\r\n");
	assert_has(all, "is on its way.\r\n");
	assert_has(all, "\r\nContent-Type: text/rfc822-headers\r\n");
	assert_lacks(all, "could not");
	assert_lacks(all, "do not send it");
	free(all);
	rcpt.text = "250 ok";
	all = compose(span_of(ORIGINAL));
	assert_has(all, "\r\nAction: relayed\r\nStatus: 2.0.0\r\n");
	free(all);
}

static void
test_full(void **state)
{
	char *all;

	(void)state;
	report.full = true;
	all = compose(span_of(ORIGINAL));
	assert_has(all, "Content-Type: message/rfc822\r\n");
	assert_has(all, "\r\n\r\nFrom: a@example.com\r\n");
	assert_has(all, "\r\n\r\nthe body\r\n\r\n--=_");
	assert_false(eight_bit);
	free(all);
	all = compose(span_of("Subject: x\r\n\r\ngr\xc3\xbc\xc3\x9f\r\n"));
	assert_true(eight_bit);
	assert_has(all, "\r\nContent-Transfer-Encoding: 8bit\r\nContent-Type: "
			"multipart/report");
	assert_has(all, "message/rfc822\r\nContent-Transfer-Encoding: 8bit");
	assert_has(all, "\r\n\r\ngr\xc3\xbc\xc3\x9f\r\n");
	free(all);
}

/* Messages that cannot stand in a report as they are. */
static void
test_odd_messages(void **state)
{
	static char longest[3000], huge[REPORT_FULL_MAX + 100];
	char *all;

	(void)state;
	report.full = true;
	all = compose(span_of("Subject: \xc3\xa4\r\n\r\nbody\r\n"));
	assert_has(all, "message/global\r\nContent-Transfer-Encoding: base64");
	free(all);
	all = compose(span_of("Subject: \xe4\r\n\r\nbody\r\n"));
	assert_has(all, "text/rfc822-headers\r\nContent-Transfer-Encoding: "
			"quoted-printable\r\n\r\nSubject: =E4\r\n");
	free(all);
	snprintf(longest, sizeof longest, "Subject: x\r\n\r\n%02000d\r\n", 0);
	all = compose(span_of(longest));
	assert_has(all, "Content-Type: text/rfc822-headers\r\n");
	free(all);
	snprintf(longest, sizeof longest, "Subject: %02000d\r\n\r\nx\r\n", 0);
	all = compose(span_of(longest));
	assert_has(all, "quoted-printable\r\n\r\nSubject: 000");
	free(all);
	memset(huge, 'x', sizeof huge);
	for (size_t i = 900; i + 1 < sizeof huge; i += 900)
		memcpy(huge + i, "\r\n", 2);
	memcpy(huge, "Subject: large\r\n\r\n", 18);
	memcpy(huge + sizeof huge - 2, "\r\n", 2);
	all = compose(span(huge, sizeof huge));
	assert_true(text.size < 10000);
	assert_has(all, "\r\n\r\nSubject: large\r\n");
	free(all);

	report.full = false;
	all = compose(span_of("Subject: \xc3\xa4\r\n\r\nbody\r\n"));
	assert_has(all, "message/global-headers\r\nContent-Transfer-Encoding: "
			"quoted-printable\r\n\r\nSubject: =C3=A4\r\n");
	free(all);
	all = compose(span_of("Subject: alone\r\n"));
	assert_has(all, "\r\n\r\nSubject: alone\r\n");
	free(all);
	all = compose(span_of("\r\nno header\r\n"));
	assert_lacks(all, "no header");
	free(all);
}

static void
test_references(void **state)
{
	static const char *const bad[] = {"none", "<a b@c>", "<\xc3\xa4@b>",
	    "<a@b> <c@d>", "<>", "<a@b>\r\n\t(folded)"};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		char message[100], *all;

		snprintf(message, sizeof message, "Message-ID: %s\r\n\r\nx\r\n",
		    bad[i]);
		all = compose(span_of(message));
		assert_lacks(all, "In-Reply-To");
		free(all);
	}
}

/* Ten thousand, each with words of its own. */
static void
test_many(void **state)
{
	const size_t most = 10000;
	struct report_rcpt *many = calloc(most, sizeof many[0]);
	size_t count = 0;
	char *all;

	(void)state;
	for (size_t i = 0; i < most; i++)
		many[i] = rcpt;
	report.rcpt = many;
	report.rcpt_count = most;
	report.delivered = 2;
	all = compose(span_of(ORIGINAL));
	assert_has(all, "    and 9900 more\r\n");
	assert_has(all, "2 others of its recipients have got it");
	for (char *at = all; (at = strstr(at, "\r\n\r\nFinal-Rec")); at++)
		count++;
	assert_int_equal(count, most);
	free(all);
	free(many);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_failed),
	    TEST(test_delayed),
	    TEST(test_what_the_sender_gave),
	    TEST(test_status),
	    TEST(test_our_own_words),
	    TEST(test_beyond_ascii),
	    TEST(test_long_words),
	    TEST(test_success),
	    TEST(test_full),
	    TEST(test_odd_messages),
	    TEST(test_references),
	    TEST(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
