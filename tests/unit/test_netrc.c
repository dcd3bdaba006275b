/* SPDX-License-Identifier: ISC */
/* Passwords in a netrc: whose, where a word ends, and what is none. */
#include "unit.h"

#include "base/limits.h"
#include "config/netrc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char relay[] = "smtp.example.com", spare[] = "spare.example.com";
static char *machines[] = {relay, spare, NULL};

#define OTHER "machine other login alice password nothunter2\n"
#define MINE "machine smtp.example.com "

/* Of the login alice. */
static const struct {
	const char *text, *want;
} found[] = {
    {MINE "login alice password hunter2\n", "hunter2"},
    {MINE "login alice password hunter2", "hunter2"},
    {MINE "password hunter2 login alice", "hunter2"},
    {MINE "password hunter2", "hunter2"},
    {MINE "\n\tlogin\talice\r\n\tpassword\r\n hunter2\r\n", "hunter2"},
    {"machine SMTP.example.COM password hunter2", "hunter2"},
    {"machine spare.example.com password hunter2", "hunter2"},
    {OTHER MINE "password hunter2\n", "hunter2"},
    {MINE "password hunter2\n" OTHER, "hunter2"},
    {MINE "password hunter2 default password x", "hunter2"},
    {MINE "login bob password x\n" MINE "login alice password hunter2",
	"hunter2"},
    {MINE "password x login bob\n" MINE "login alice password hunter2",
	"hunter2"},
    {MINE "login bob password x\ndefault password hunter2", "hunter2"},
    {OTHER "default login alice password hunter2\n", "hunter2"},
    {OTHER "default password hunter2", "hunter2"},
    {MINE "login alice\n" MINE "password hunter2", "hunter2"},
    {MINE "password first password hunter2", "hunter2"},
    {MINE "account a password hunter2\n", "hunter2"},
    {MINE "account password password hunter2\n", "hunter2"},
    /* words */
    {MINE "password \"hunter 2\"\n", "hunter 2"},
    {MINE "password \"a\\\"b\\\\c\\d\"\n", "a\"b\\cd"},
    {MINE "password a\"b\n", "a\"b"},
    {MINE "password \"#\" login \"alice\"\n", "#"},
    {MINE "password #hunter2\n", "#hunter2"},
    {MINE "password gr\303\274n\n", "gr\303\274n"},
    {MINE "password machine\n", "machine"},
    {"machine \"smtp.example.com\" password x", "x"},
    /* remarks and macros */
    {"# machine x\n#\n" MINE "password hunter2 # it is\n", "hunter2"},
    {"macdef init\nmachine smtp.example.com password x\n\n" MINE
     "password hunter2",
	"hunter2"},
    {OTHER "macdef init\r\nput \"x\r\n\r\n" MINE "password hunter2", "hunter2"},
    {MINE "password hunter2\nmacdef init\nlogin bob\n", "hunter2"},
};

/* What is none; all of them have nothunter2 somewhere. */
static const struct {
	const char *text, *why;
} refused[] = {
    {"", "f: no password for the machine smtp.example.com and the login alice"},
    {OTHER, "f: no password"},
    {MINE "login alice\n" OTHER, "f: no password"},
    {MINE "login bob password nothunter2", "f: no password"},
    {MINE "login Alice password nothunter2", "f: no password"},
    {"machine smtp.example.com.evil password nothunter2", "f: no password"},
    {"machine evilsmtp.example.com password nothunter2", "f: no password"},
    {"nothunter2", "f:1: a word that is none of machine, default"},
    {MINE "\npassword open nothunter2\n", "f:2: a word that is none of"},
    {MINE "\npassword open\n\nnothunter2\n", "f:4: a word that is none of"},
    {"\nlogin alice password nothunter2", "f:2: begins without a machine"},
    {MINE "\npassword \"nothunter2\n", "f:2: a quote that is never closed"},
    {MINE "password \"nothunter2", "f:1: a quote that is never closed"},
    {MINE "password \"nothunter2\\", "f:1: a quote that is never closed"},
    {MINE "login alice\npassword", "f:2: ends behind a keyword"},
    {"machine", "f:1: ends behind a keyword"},
    {MINE "Password nothunter2", "f:1: a word that is none of"},
};

static int
find(const char *text, struct buf *to, struct error *err)
{
	*err = (struct error){0};
	buf_init(to, SECRET_MAX);
	return netrc_find("f", span_of(text), machines, "alice", to, err);
}

static void
test_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(found); i++) {
		struct error err;
		struct buf to;
		int rc = find(found[i].text, &to, &err);

		if (rc != 0 || strcmp(buf_text(&to), found[i].want) != 0)
			fail_msg(
			    "%s: %s%s", found[i].text, buf_text(&to), err.text);
		buf_release(&to);
	}
}

static void
test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct error err;
		struct buf to;

		if (find(refused[i].text, &to, &err) != -1 || to.len != 0 ||
		    err.kind != ERR_CONFIG ||
		    strncmp(err.text, refused[i].why, strlen(refused[i].why)) ||
		    strstr(err.text, "hunter2") != NULL)
			fail_msg("%s: %s", refused[i].text, err.text);
		buf_release(&to);
	}
}

/* A word is no longer than a password may be, wherever it stands. */
static void
test_long_word(void **state)
{
	char *text = malloc(SECRET_MAX + 100);
	struct error err;
	struct buf to;

	(void)state;
	strcpy(text, MINE "password ");
	memset(text + strlen(text), 'x', SECRET_MAX);
	text[strlen(MINE "password ") + SECRET_MAX] = '\0';
	assert_int_equal(find(text, &to, &err), 0);
	assert_int_equal(to.len, SECRET_MAX);
	buf_release(&to);
	strcpy(text + strlen(MINE "password ") + SECRET_MAX, "x");
	assert_int_equal(find(text, &to, &err), -1);
	assert_non_null(strstr(err.text, "f:1: a word is too long"));
	buf_release(&to);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_found),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_long_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
