/* SPDX-License-Identifier: ISC */
/* The head of an entry: what it may say, and what is refused. */
#include "unit.h"

#include "head_cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Who wrote it: a caller, without stamps, or the store, with them. */
enum { CALLER, STORE };

/* Heads made of each of the parts, where the form has its "%s": are they all
 * taken, or none? */
static void
check(bool want, int writer, const char *form, const char *const parts[])
{
	const char *hole = strstr(form, "%s");
	struct buf head;
	size_t wrong = 0;

	buf_init(&head, ENTRY_HEAD_MAX);
	for (; *parts != NULL; parts++) {
		buf_clear(&head);
		buf_printf(&head, "%.*s%s%s", (int)(hole - form), form, *parts,
		    hole + 2);
		if (decodes(buf_span(&head), writer == STORE) == want)
			continue;
		print_error("%s: %.200s\n", want ? "refused" : "taken",
		    buf_text(&head));
		wrong++;
	}
	buf_release(&head);
	assert_int_equal(wrong, 0);
}

#define TAKEN(writer, form, ...) \
	check(true, writer, form, (const char *const[]){__VA_ARGS__, NULL})
#define REFUSED(writer, form, ...) \
	check(false, writer, form, (const char *const[]){__VA_ARGS__, NULL})

static void
test_whole_heads(void **state)
{
	(void)state;
	TAKEN(CALLER, "%s", FIRST FROM TO SIZE "\n", FIRST TO FROM SIZE "\n",
	    FIRST SIZE FROM TO TO "\n");
	REFUSED(CALLER, "%s", "", "\n", FIRST "\n", FIRST TO SIZE "\n",
	    FIRST FROM SIZE "\n", FIRST FROM TO "\n", FROM TO SIZE "\n",
	    "\n" FIRST FROM TO SIZE "\n", "pillarbox 2\n" FROM TO SIZE "\n",
	    "pillarbox 1 \n" FROM TO SIZE "\n",
	    "pillarbox 1\r\n" FROM TO SIZE "\n", FIRST FROM TO SIZE "\n\n",
	    FIRST FROM TO SIZE "\n" FROM, FIRST FROM "\n" TO SIZE "\n",
	    FIRST FROM FROM TO SIZE "\n", FIRST "from <>\n" FROM TO SIZE "\n",
	    FIRST FROM TO SIZE SIZE "\n");
}

/* Without its empty line the rest of it may be missing. */
static void
test_heads_without_an_end(void **state)
{
	(void)state;
	REFUSED(CALLER, "%s", FIRST FROM TO SIZE, FIRST FROM TO "size 1");
}

static void
test_senders(void **state)
{
	static const char form[] = FIRST "from %s\n" TO SIZE "\n";

	(void)state;
	TAKEN(CALLER, form, "<>", "<a@b>", "<postmaster>", "<\"a b\"@c>",
	    "<\"<a>\"@c>");
	REFUSED(CALLER, form, "", "a@b", "<a@b", "a@b>", "<", ">", " <>", "<> ",
	    "<a@b> BODY=8BITMIME", "<a@b>\tRET=FULL", "<a@b> <c@d>", "<a@b>\r",
	    "<a@b\rRCPT TO:<x@y>", "<a b@c>", "<@c>", "<a@>", "<a\tb@c>",
	    "<a\033b@c>", "<a@b>>", "<<a@b>", "<\">\"<@c>", "<a@b>\nRSET");
}

static void
test_recipients(void **state)
{
	static const char form[] = FIRST FROM "to %s\n" SIZE "\n";

	(void)state;
	TAKEN(CALLER, form, "<a@b>", "<root>", "<\"a@b\"@c>",
	    "<a@b>\tNOTIFY=NEVER", "<a@b>\tORCPT=x;y",
	    "<a@b>\tORCPT=x;y\tNOTIFY=SUCCESS,DELAY");
	REFUSED(CALLER, form, "", "<>", "a@b", "<a@b", "<a@b>x",
	    "<a@b>NOTIFY=NEVER", "<a@b> NOTIFY=NEVER", "<a@b>, <c@d>",
	    "<a@b\tc>", "<a@[]>", "<a@b>\t\tNOTIFY=NEVER",
	    "<a@b>\tNOTIFY=", "<a@b>\tORCPT=", "<a@b>\tnotify=NEVER",
	    "<a@b>\tSIZE=1", "<a@b>\tNOTIFY=NEVER\tNOTIFY=NEVER",
	    "<a@b>\tORCPT=x\tORCPT=x", "<a@b>\tNOTIFY=NEVER RET=FULL",
	    "<a@b>\tORCPT=x;y\rRSET", "<a@b>\tORCPT=x;\xc3\xb6",
	    "<a@b>\tORCPT=x;\x7f", "<a@b>\r", "<a@b>\nDATA");
}

static void
test_other_lines(void **state)
{
	static const char form[] = FIRST FROM TO "%s" SIZE "\n";

	(void)state;
	TAKEN(CALLER, form, "", "relay work\n", "ret FULL\n", "ret HDRS\n",
	    "envid a+20b\n", "body 8BITMIME\n", "smtputf8 yes\n",
	    "requiretls yes\n");
	REFUSED(CALLER, form, "x\n", "colour blue\n", " \n", "body\n",
	    "From <a@b>\n", "to<a@b>\n", "to\t<a@b>\n", "ret ALL\n",
	    "ret full\n", "ret \n", "ret FULL\nret FULL\n", "envid \n",
	    "envid a b\n", "envid a\tb\n", "envid a\rb\n", "envid a\nenvid b\n",
	    "body 7BIT\n", "body 8bitmime\n", "smtputf8 no\n",
	    "requiretls no\n", "relay \n", "relay a b\n");
	/* What only the store may say. */
	REFUSED(CALLER, form, "id " ID "\n", "time 2026-11-21T19:25:01Z\n",
	    "uid 0\n", "uid 1000\n", STAMPS);
}

/* Nothing is said twice, so that two readers cannot disagree. */
static void
test_lines_said_twice(void **state)
{
	(void)state;
	REFUSED(CALLER, FIRST FROM TO "%s" SIZE "\n", "relay a\nrelay b\n",
	    "body 8BITMIME\nbody 8BITMIME\n", "smtputf8 yes\nsmtputf8 yes\n",
	    "requiretls yes\nrequiretls yes\n");
}

static void
test_stamps_said_twice(void **state)
{
	(void)state;
	REFUSED(STORE, FIRST STAMPS "%s" FROM TO SIZE "\n", "id " ID "\n",
	    "time 2026-11-21T19:25:01Z\n", "uid 0\n", "uid 1000\n");
}

/* A relay's name becomes a word of a record and a line of the log. */
static void
test_relay_names(void **state)
{
	(void)state;
	REFUSED(CALLER, FIRST "relay %s\n" FROM TO SIZE "\n", "a\tb", "a\rb",
	    "\033[2J", "a\x7f");
}

static void
test_stamps(void **state)
{
	static const char form[] = FIRST "%s" FROM TO SIZE "\n";
	static const char ids[] = FIRST
	    "id %s\ntime 2026-11-21T19:25:01Z\nuid 1000\n" FROM TO SIZE "\n";

	(void)state;
	TAKEN(STORE, form, STAMPS,
	    "uid 0\ntime 1999-12-31T23:59:59Z\nid " ID "\n");
	REFUSED(STORE, form, "", "id " ID "\nuid 1000\n",
	    "time 2026-11-21T19:25:01Z\nuid 1000\n",
	    "id " ID "\ntime 2026-11-21 19:25:01\nuid 1000\n",
	    "id " ID "\ntime 2026-11-21T19:25:01Z\nuid root\n",
	    "id " ID "\ntime 2026-11-21T19:25:01Z\nuid -1\n",
	    "id " ID "\ntime 2026-11-21T19:25:01Z\nuid 4294967296\n");
	REFUSED(STORE, ids, "", "../../../../etc/xyz", "64C8F1A2B3C4DAB12C",
	    "64c8f1a2b3c4dab12cd", "64C8F1A2B3C4DAB12CDE");
}

/* Without it the message would be root's. */
static void
test_stamp_of_uid_is_needed(void **state)
{
	(void)state;
	assert_false(decodes(
	    span_of(FIRST "id " ID "\ntime 2026-11-21T19:25:01Z\n" FROM TO SIZE
			  "\n"),
	    true));
}

static void
test_sizes(void **state)
{
	static const char form[] = FIRST FROM TO "size %s\n\n";

	(void)state;
	TAKEN(CALLER, form, "1", "4294967296");
	REFUSED(CALLER, form, "", "0", "-1", "+1", "1k", "0x10", "12 ", " 12",
	    "4294967297", "18446744073709551628");
}

/* What is handed on by two lines alone: neither may be missing or twice. */
static void
test_glance(void **state)
{
	static const struct {
		const char *head;
		bool want;
	} heads[] = {
	    {FIRST STAMPS FROM TO SIZE "\n", true},
	    {FIRST SIZE "nonsense\nuid 1000\n\n", true},
	    {FIRST "uid 1000\n" FROM TO "\n", false},
	    {FIRST FROM TO SIZE "\n", false},
	    {FIRST STAMPS SIZE SIZE "\n", false},
	    {FIRST STAMPS "uid 0\n" SIZE "\n", false},
	    {FIRST STAMPS "size 0\n\n", false},
	    {FIRST "uid -1\n" SIZE "\n", false},
	    {FIRST "uid 4294967295\n" SIZE "\n", false},
	    {"pillarbox 2\n" STAMPS SIZE "\n", false},
	    {STAMPS SIZE "\n", false},
	    {"", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(heads); i++) {
		int64_t size;
		uid_t uid;
		bool got = entry_glance(span_of(heads[i].head), &uid, &size);

		if (got != heads[i].want ||
		    (got && (uid != 1000 || size != 12)))
			fail_msg("%s", heads[i].head);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_glance),
	    cmocka_unit_test(test_whole_heads),
	    cmocka_unit_test(test_heads_without_an_end),
	    cmocka_unit_test(test_senders),
	    cmocka_unit_test(test_recipients),
	    cmocka_unit_test(test_other_lines),
	    cmocka_unit_test(test_lines_said_twice),
	    cmocka_unit_test(test_stamps_said_twice),
	    cmocka_unit_test(test_relay_names),
	    cmocka_unit_test(test_stamps),
	    cmocka_unit_test(test_stamp_of_uid_is_needed),
	    cmocka_unit_test(test_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
