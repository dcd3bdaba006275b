/* SPDX-License-Identifier: ISC */
/* What a person is shown of a dialogue: never what AUTH says. */
#include "unit.h"

#include "delivery/transcript.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One line of a dialogue: whose, and how it must be shown. */
static const struct {
	char side;
	const char *line, *shown;
} dialogue[] = {
    {'S', "220 hello\r\n", "S: 220 hello\n"},
    {'C', "EHLO me\r\n", "C: EHLO me\n"},
    {'S', "250 AUTH PLAIN LOGIN\r\n", "S: 250 AUTH PLAIN LOGIN\n"},
    {'C', "AUTH PLAIN c2VjcmV0\r\n", "C: AUTH PLAIN ****\n"},
    {'S', "535 no\r\n", "S: 535 no\n"},
    {'C', "auth login YWxpY2U=\r\n", "C: AUTH login ****\n"},
    {'S', "334 UGFzc3dvcmQ6\r\n", "S: 334 UGFzc3dvcmQ6\n"},
    {'C', "c2VjcmV0\r\n", "C: ****\n"},
    {'S', "334 more\r\n", "S: 334 more\n"},
    {'C', "c2VjcmV0\r\n", "C: ****\n"},
    {'S', "235 fine\r\n", "S: 235 fine\n"},
    {'C', "AUTH XOAUTH2 c2VjcmV0\r\n", "C: AUTH XOAUTH2 ****\n"},
    {'S', "334 eyJzdGF0dXMiOiI0MDEifQ==\r\n",
	"S: 334 eyJzdGF0dXMiOiI0MDEifQ==\n"},
    {'C', "\r\n", "C: ****\n"},
    {'S', "535 no\r\n", "S: 535 no\n"},
    {'C', "AUTH OAUTHBEARER\r\n", "C: AUTH OAUTHBEARER ****\n"},
    {'S', "334 \r\n", "S: 334\n"},
    {'C', "c2VjcmV0", "C: ****\n"},
    /* Whatever a server says before it asks. */
    {'S', "250-and more\r\n", "S: 250-and more\n"},
    {'S', "what?\r\n", "S: what?\n"},
    {'S', "2500 ok\r\n", "S: 2500 ok\n"},
    {'S', "\r\n", "S: \n"},
    {'S', "334 go on\r\n", "S: 334 go on\n"},
    {'C', "AUTH c2VjcmV0\r\n", "C: ****\n"},
    {'S', "235\r\n", "S: 235\n"},
    {'C', "AUTH SCRAM-SHA-256 c2VjcmV0\r\n", "C: AUTH SCRAM-SHA-256 ****\n"},
    {'S', "334 c2VjcmV0\r\n", "S: 334 ****\n"},
    {'C', "c2VjcmV0\r\n", "C: ****\n"},
    {'S', "535 no\r\n", "S: 535 no\n"},
    {'C', "CONNECT relay:587 HTTP/1.1\r\n", "C: CONNECT relay:587 HTTP/1.1\n"},
    {'C', "proxy-authorization: Basic c2VjcmV0\r\n",
	"C: Proxy-Authorization: ****\n"},
    {'C', "MAIL FROM:<a@b>\r\n", "C: MAIL FROM:<a@b>\n"},
    {'S', "250 \033[2J\r\n", "S: 250 ?[2J\n"},
};

static void
say(struct transcript *t)
{
	for (size_t i = 0; i < COUNT(dialogue); i++)
		(dialogue[i].side == 'C'
			? transcript_sent
			: transcript_received)(t, span_of(dialogue[i].line));
}

/* Runs the dialogue with stderr in a file, and reads that into got. */
static void
capture(struct transcript *t, char *got, size_t size)
{
	FILE *file = tmpfile();
	int saved = dup(STDERR_FILENO);
	size_t n;

	assert_non_null(file);
	fflush(stderr);
	assert_true(dup2(fileno(file), STDERR_FILENO) >= 0);
	say(t);
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	rewind(file);
	n = fread(got, 1, size - 1, file);
	got[n] = '\0';
	fclose(file);
}

static void
test_masked(void **state)
{
	struct transcript t = {.shown = true};
	char got[2000], want[2000] = "";

	(void)state;
	for (size_t i = 0; i < COUNT(dialogue); i++)
		strcat(want, dialogue[i].shown);
	capture(&t, got, sizeof got);
	assert_string_equal(got, want);
	assert_null(strstr(got, "c2VjcmV0"));
}

static void
test_not_asked_for(void **state)
{
	struct transcript t = {0};
	char got[2000];

	(void)state;
	capture(&t, got, sizeof got);
	assert_string_equal(got, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_masked),
	    cmocka_unit_test(test_not_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
