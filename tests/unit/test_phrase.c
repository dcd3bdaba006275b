/* SPDX-License-Identifier: ISC */
/* Names and comments as encoded words; addresses as they are. */
#include "unit.h"

#include "base/limits.h"
#include "message/phrase.h"

#define G "gr\303\274n"
#define W "=?utf-8?Q?gr=C3=BCn?="

/* Blanks around an encoded word are as they come: single in want. */
static void
squeeze(struct buf *text)
{
	size_t n = 0;

	buf_text(text);
	for (size_t i = 0; i < text->len; i++)
		if (text->at[i] != ' ' || (n > 0 && text->at[n - 1] != ' '))
			text->at[n++] = text->at[i];
	while (n > 0 && text->at[n - 1] == ' ')
		n--;
	text->len = n;
}

static const struct {
	const char *in, *want;
} lists[] = {
    {"", ""},
    {" a@b", "a@b"},
    {" A B <a@b>, \"C, D\" <c@d> (e)", "A B <a@b>, \"C, D\" <c@d> (e)"},
    {" " G " <a@b>", W " <a@b>"},
    {" \"" G "\" <a@b>", W " <a@b>"},
    {" " G "<a@b>", W " <a@b>"},
    {" \"a, " G "\" <a@b>, c@d", "=?utf-8?Q?a=2C_gr=C3=BCn?= <a@b>, c@d"},
    {" \"a < " G "\" <a@b>", "=?utf-8?Q?a_=3C_gr=C3=BCn?= <a@b>"},
    {" \"a \\\" " G "\" <a@b>", "=?utf-8?Q?a_=22_gr=C3=BCn?= <a@b>"},
    {" a@b, " G " <c@d>,e@f", "a@b, " W " <c@d>,e@f"},
    {" a@b,\r\n " G " <c@d>", "a@b, " W " <c@d>"},
    {" a@b (" G ")", "a@b (" W ")"},
    {" a@b (x\\)" G ")", "a@b (=?utf-8?Q?x=29gr=C3=BCn?=)"},
    {" A <a@b> (" G ")", "A <a@b> (" W ")"},
    {" (" G ") a@b", "(" W ") a@b"},
    {" " G ": a@b, c@d;", W " : a@b, c@d;"},
    {" g: " G " <a@b>, c@d;, e@f", "g: " W " <a@b>, c@d;, e@f"},
    {" gr\374n <a@b>", "=?iso-8859-1?Q?gr=FCn?= <a@b>"},
    /* a local part can only go as it is, a domain has another form */
    {" \303\274@b", "\303\274@b"},
    {" A <\303\274@b>", "A <\303\274@b>"},
    {" A <a@\303\274>, B <b@c>", "A <a@xn--tda>, B <b@c>"},
    {" " G " <\303\274@b>", W " <\303\274@b>"},
    {" <@x,@y:a@b>, " G " <c@d>", "<@x,@y:a@b>, " W " <c@d>"},
    {" A < (\303\266) @@r\231,@y: b>", "A < b>"},
    /* what has no end loses nothing */
    {" A <a@b", "A <a@b"},
    {" \"a@b", "\"a@b"},
    {" (a@b", "(a@b"},
};

static void
test_lists(void **state)
{
	struct buf to;

	(void)state;
	buf_init(&to, MIB);
	for (size_t i = 0; i < COUNT(lists); i++) {
		buf_clear(&to);
		phrase_encode_list(span_of(lists[i].in), &to);
		squeeze(&to);
		if (strcmp(buf_text(&to), lists[i].want) != 0 &&
		    /* a fold that is there may stay or go */
		    strstr(lists[i].in, "\r\n") == NULL)
			fail_msg("\"%s\" becomes \"%s\"", lists[i].in,
			    buf_text(&to));
		for (size_t k = 0; k + 1 < to.len; k++)
			if (to.at[k] == '\n' && to.at[k + 1] != ' ')
				fail_msg(
				    "\"%s\": a field of its own", lists[i].in);
	}
	buf_release(&to);
}

/* A long name is many words; each line is a fold. */
static void
test_long_name(void **state)
{
	struct span rest, line;
	struct buf in, to;

	(void)state;
	buf_init(&in, MIB);
	buf_init(&to, MIB);
	buf_add_byte(&in, ' ');
	for (int i = 0; i < 500; i++)
		buf_add_text(&in, G " ");
	buf_add_text(&in, "<a@b>");
	phrase_encode_list(buf_span(&in), &to);
	rest = buf_span(&to);
	for (int i = 0; span_cut(&rest, '\n', &line); i++)
		if (line.len > 90 || (i > 0 && line.at[0] != ' '))
			fail_msg("line %d: \"%.*s\"", i, SPAN_ARG(line));
	buf_release(&in);
	buf_release(&to);
}

static const struct {
	const char *in, *want;
} names[] = {
    {"Alice", "Alice"},
    {"Alice B", "Alice B"},
    {"O'Neill", "O'Neill"},
    {"A, B", "\"A, B\""},
    {"A \"B\" \\C", "\"A \\\"B\\\" \\\\C\""},
    {"a@b", "\"a@b\""},
    {G, W},
    {G ", B", "=?utf-8?Q?gr=C3=BCn=2C_B?="},
    {"gr\374n", "=?iso-8859-1?Q?gr=FCn?="},
    {"A\r\nBcc: x", "\"A  Bcc: x\""},
    {G "\nX", "=?utf-8?Q?gr=C3=BCn_X?="},
};

static void
test_names(void **state)
{
	struct buf to;

	(void)state;
	buf_init(&to, MIB);
	for (size_t i = 0; i < COUNT(names); i++) {
		buf_clear(&to);
		phrase_add_name(span_of(names[i].in), &to);
		if (strcmp(buf_text(&to), names[i].want) != 0)
			fail_msg("\"%s\" becomes \"%s\"", names[i].in,
			    buf_text(&to));
	}
	buf_release(&to);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_lists),
	    cmocka_unit_test(test_long_name),
	    cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
