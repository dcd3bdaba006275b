/* SPDX-License-Identifier: ISC */
/* Sessions, each in whole: what the client says, what it is told, and what has
 * come of it. */
#include "unit.h"

#include "base/limits.h"
#include "smtpd/smtpd.h"
#include "smtpd_cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define GREETING "220 host.example ESMTP pillarbox\r\n"

static struct envelope envelope;
static struct outgoing message;
static struct buf taken;
static enum error_kind trouble;

/* One line for the envelope, and the message as it came. */
static int
take(void *context, char *id, size_t size, struct error *err)
{
	const struct envelope *e = &envelope;

	assert_ptr_equal(context, &taken);
	buf_printf(&taken, "<%s>", e->sender);
	if (e->ret != NULL)
		buf_printf(&taken, " RET=%s", e->ret);
	if (e->envid != NULL)
		buf_printf(&taken, " ENVID=%s", e->envid);
	for (size_t i = 0; i < e->rcpt_count; i++) {
		buf_printf(&taken, " <%s>", e->rcpt[i].address);
		if (e->rcpt[i].notify != NULL)
			buf_printf(&taken, " NOTIFY=%s", e->rcpt[i].notify);
		if (e->rcpt[i].orcpt != NULL)
			buf_printf(&taken, " ORCPT=%s", e->rcpt[i].orcpt);
	}
	buf_add_byte(&taken, '\n');
	buf_add_span(&taken, buf_span(&message.in.head));
	buf_add_byte(&taken, '|');
	buf_add_span(&taken, buf_span(&message.in.body.memory));
	if (trouble != ERR_NONE)
		return error_set(err, trouble, "of a kind");
	snprintf(id, size, "ID");
	return 0;
}

/* Says script in pieces of so many octets, from another process. */
static int
say(struct span script, size_t piece)
{
	int ends[2];
	pid_t pid;

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid > 0) {
		close(ends[1]);
		return ends[0];
	}
	close(ends[0]);
	while (script.len > 0) {
		size_t n = piece < script.len ? piece : script.len;

		if (send(ends[1], script.at, n, MSG_NOSIGNAL) < 0)
			break;
		script = span_from(script, n);
	}
	_exit(0);
}

/* Of all sessions of a test, a line each. */
static char told[8 * KIB];

static void
refused(void *context, struct span what, struct span why)
{
	size_t n = strlen(told);

	(void)context;
	snprintf(told + n, sizeof told - n, "%.*s: %.*s\n", SPAN_ARG(what),
	    SPAN_ARG(why));
}

/* Runs a session and puts what it said into to. */
static void
converse(struct span script, size_t piece, bool lf_allowed, struct buf *to)
{
	FILE *out = tmpfile();
	struct error err;
	const struct smtpd d = {.in = say(script, piece),
	    .out = fileno(out),
	    .patience_ms = -1,
	    .lf_allowed = lf_allowed,
	    .host_name = "host.example",
	    .size_max = 1000,
	    .take = take,
	    .refused = refused,
	    .context = &taken,
	    .envelope = &envelope,
	    .message = &message};
	char block[4096];
	size_t n;

	outgoing_init(&message, d.size_max);
	buf_clear(&taken);
	assert_int_equal(smtpd_run(&d, &err), 0);
	close(d.in);
	wait(NULL);
	rewind(out);
	while ((n = fread(block, 1, sizeof block, out)) > 0)
		buf_add(to, block, n);
	fclose(out);
	assert_null(envelope.sender);
	assert_int_equal(message.in.head.len, 0);
	outgoing_release(&message);
}

static void
run_case(const struct dialogue_case *c, size_t piece)
{
	struct buf said, want;

	buf_init(&said, MIB);
	buf_init(&want, MIB);
	buf_printf(&want, "%s%s", GREETING, c->replies);
	converse(span(c->script, c->len), piece, !c->network, &said);
	if (strcmp(buf_text(&said), buf_text(&want)) != 0)
		fail_msg("%s, in pieces of %zu: said\n%snot\n%s", c->name,
		    piece, buf_text(&said), buf_text(&want));
	if (strcmp(buf_text(&taken), c->taken) != 0)
		fail_msg(
		    "%s: took\n%snot\n%s", c->name, buf_text(&taken), c->taken);
	buf_release(&said);
	buf_release(&want);
}

static void
test_dialogues(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(dialogue_cases); i++) {
		run_case(&dialogue_cases[i], 64 * KIB);
		run_case(&dialogue_cases[i], 1);
	}
}

/* Which reply each kind of failure gets, and that the session goes on. */
static void
test_trouble(void **state)
{
	static const struct {
		enum error_kind kind;
		const char *reply;
	} cases[] = {
	    {ERR_DATA, "554 5.6.0 of a kind\r\n"},
	    {ERR_SIZE, "552 5.3.4 of a kind\r\n"},
	    {ERR_RECIPIENT, "550 5.1.3 of a kind\r\n"},
	    {ERR_REFUSED, "554 5.0.0 of a kind\r\n"},
	    {ERR_INTERNAL, "451 4.3.0 of a kind\r\n"},
	    {ERR_IO, "451 4.3.0 of a kind\r\n"},
	    {ERR_TEMPORARY, "451 4.3.0 of a kind\r\n"},
	    {ERR_PERMISSION, "451 4.7.0 of a kind\r\n"},
	    {ERR_CONFIG, "451 4.3.5 of a kind\r\n"},
	};
	struct buf said;

	(void)state;
	buf_init(&said, MIB);
	for (size_t i = 0; i < COUNT(cases); i++) {
		trouble = cases[i].kind;
		buf_clear(&said);
		converse(span_of(LETTER LETTER_AGAIN), 4096, false, &said);
		if (strstr(buf_text(&said), cases[i].reply) == NULL ||
		    strstr(buf_text(&said), " ID queued") != NULL ||
		    strstr(strstr(buf_text(&said), cases[i].reply) + 5,
			cases[i].reply) == NULL)
			fail_msg("%s: %s", cases[i].reply, buf_text(&said));
	}
	trouble = ERR_NONE;
	buf_release(&said);
}

/* All of text before the n-th octet, and the other end goes: nothing is taken
 * that has not come whole. */
static void
test_ends_anywhere(void **state)
{
	static const char script[] = LETTER CHUNKED;
	size_t letter = strlen(LETTER), whole = strlen(script);
	struct buf said;

	(void)state;
	buf_init(&said, MIB);
	for (size_t n = 0; n <= whole; n++) {
		size_t ids = 0, takes = 0;

		buf_clear(&said);
		converse(span(script, n), 4096, false, &said);
		for (const char *at = buf_text(&said);
		     (at = strstr(at, " ID queued")) != NULL; at++)
			ids++;
		for (const char *at = buf_text(&taken);
		     (at = strchr(at, '|')) != NULL; at++)
			takes++;
		assert_int_equal(
		    ids, (n >= letter ? 1 : 0) + (n >= whole ? 1 : 0));
		assert_int_equal(takes, ids);
	}
	buf_release(&said);
}

/* The n-th string of four octets, those that have been mistaken for a line end,
 * and others. */
static struct span
four_octets(size_t n, char to[4])
{
	for (size_t i = 0; i < 4; i++, n /= 5)
		to[i] = "\r\n.x"[n % 5];
	return span(to, 4);
}

/* A message with some octets in it, and what would be another one if they had
 * ended it. */
static void
add_try(struct buf *script, const char *before, struct span some)
{
	buf_printf(script,
	    "MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n"
	    "\r\n%s",
	    before);
	buf_add_span(script, some);
	buf_add_text(script,
	    "MAIL FROM:<mallory@b.example>\r\nRCPT TO:<c@d.example>\r\n"
	    "DATA\r\n\r\n.\r\n");
}

static size_t
count_text(struct span all, const char *text)
{
	size_t n = 0, len = strlen(text);
	const char *at;

	while ((at = memmem(all.at, all.len, text, len)) != NULL) {
		n++;
		all = span_from(all, (size_t)(at - all.at) + len);
	}
	return n;
}

/* Two messages only where the client itself has ended the first. */
static void
test_no_message_is_two(void **state)
{
	static const char *const before[] = {"", "x", "x\r\n", "x\n", "x\r"};
	struct buf script, said;

	(void)state;
	buf_init(&script, MIB);
	buf_init(&said, MIB);
	for (size_t n = 0; n < 5 * 5 * 5 * 5 * COUNT(before); n++) {
		const char *first = before[n % COUNT(before)];
		char octets[4], whole[16];
		struct span some = four_octets(n / COUNT(before), octets);
		size_t len = (size_t)sprintf(whole, "\r\n%s", first), two;

		memcpy(whole + len, some.at, some.len);
		two = memcmp(whole + len - 1, "\r\n.\r\n", 5) == 0;
		buf_clear(&script);
		buf_clear(&said);
		buf_add_text(&script, "HELO x\r\n");
		add_try(&script, first, some);
		converse(buf_span(&script), 4096, false, &said);
		assert_int_equal(count_text(buf_span(&taken), "<a@b"), 1);
		assert_int_equal(
		    count_text(buf_span(&taken), "<mallory@b.example> <"), two);
		assert_int_equal(
		    count_text(buf_span(&said), " ID queued"), 1 + two);
	}
	buf_release(&script);
	buf_release(&said);
}

static void
add_recipients(struct buf *script, int count)
{
	buf_add_text(script, "EHLO x\r\nMAIL FROM:<a@b.example>\r\n");
	for (int i = 0; i < count; i++)
		buf_printf(script, "RCPT TO:<u%d@b.example>\r\n", i);
}

static void
test_too_many_recipients(void **state)
{
	struct buf script, said;

	(void)state;
	buf_init(&script, 8 * MIB);
	buf_init(&said, 8 * MIB);
	add_recipients(&script, RCPT_COUNT_MAX + 1);
	buf_add_text(&script, "DATA\r\n\r\n.\r\nQUIT\r\n");
	converse(buf_span(&script), 64 * KIB, false, &said);
	assert_non_null(strstr(buf_text(&said), "\r\n452 4.5.3 more than"));
	assert_non_null(strstr(buf_text(&said), "\r\n250 2.0.0 ID queued"));
	assert_non_null(strstr(buf_text(&taken), "u99999@b.example"));
	assert_null(strstr(buf_text(&taken), "u100000@b.example"));
	buf_release(&script);
	buf_release(&said);
}

/* A line of a MiB costs no memory, and is one line. */
static void
test_long_lines(void **state)
{
	static const size_t sizes[] = {2046, 2047, 2048, 2049, 70000, MIB};
	struct buf script, said;

	(void)state;
	buf_init(&script, 2 * MIB);
	buf_init(&said, MIB);
	for (size_t i = 0; i < COUNT(sizes); i++) {
		buf_clear(&script);
		buf_clear(&said);
		buf_add_text(&script, "NOOP ");
		for (size_t n = 5; n < sizes[i]; n++)
			buf_add_byte(&script, 'x');
		buf_add_text(&script, "\r\nQUIT\r\n");
		converse(buf_span(&script), 32 * KIB, false, &said);
		assert_string_equal(buf_text(&said),
		    sizes[i] <= 2046 ? GREETING
			"250 2.0.0 nothing done\r\n" CLOSES
				     : GREETING
			"500 5.5.2 line longer than 2048 octets\r\n" CLOSES);
	}
	buf_release(&script);
	buf_release(&said);
}

/* Who says nothing is left alone, or not. */
static void
test_patience(void **state)
{
	int in[2];
	FILE *out = tmpfile();
	char said[512] = "";
	struct error err;
	struct smtpd d = {.patience_ms = 50,
	    .out = fileno(out),
	    .host_name = "host.example",
	    .size_max = 1000,
	    .take = take,
	    .refused = refused,
	    .envelope = &envelope,
	    .message = &message};

	(void)state;
	assert_int_equal(pipe(in), 0);
	d.in = in[0];
	outgoing_init(&message, 1000);
	assert_int_equal(smtpd_run(&d, &err), 0);
	rewind(out);
	assert_true(fread(said, 1, sizeof said - 1, out) > 0);
	assert_string_equal(said,
	    GREETING "421 4.4.2 nothing was said for too long; host.example "
		     "closes\r\n");
	fclose(out);
	/* And a stdin that cannot be read is the one failure there is. */
	d.in = in[1];
	d.patience_ms = -1;
	close(in[0]);
	d.out = memfd_create("out", MFD_CLOEXEC);
	assert_int_equal(smtpd_run(&d, &err), -1);
	assert_int_equal(err.kind, ERR_TEMPORARY);
	close(d.out);
	close(in[1]);
	outgoing_release(&message);
}

/* Of a message and of those who were to get it, not of other mistakes; and so
 * many of one session. */
static void
test_refusals_are_told(void **state)
{
	struct buf script, said;
	size_t lines = 0;

	(void)state;
	buf_init(&script, MIB);
	buf_init(&said, MIB);
	buf_add_text(&script,
	    "EHLO x\nBOO\nRCPT TO:<a@b>\nMAIL FROM:<a@b> SIZE=9999\n"
	    "MAIL FROM:<a@b>\nRCPT TO:<c@d>\nRCPT TO:<c@d> X=1\nDATA\n");
	for (size_t i = 0; i < 40; i++)
		buf_add_text(&script, "a line that is not short at all\n");
	buf_add_text(&script, ".\nVRFY\nMAIL FROM:<a@b>\n");
	told[0] = '\0';
	converse(buf_span(&script), 7, true, &said);
	assert_string_equal(told,
	    "MAIL FROM:<a@b> SIZE=9999: 552 5.3.4 message larger than max-size "
	    "(1000 bytes)\n"
	    "RCPT TO:<c@d> X=1: 555 5.5.4 no such parameter here\n"
	    "the message: 552 5.3.4 message larger than max-size (1000 "
	    "bytes)\n");
	buf_clear(&script);
	buf_add_text(&script, "EHLO x\n");
	for (size_t i = 0; i < 3 * LOGGED_REFUSALS_MAX; i++)
		buf_add_text(&script, "MAIL FROM:<a@b> SIZE=9999\n");
	told[0] = '\0';
	converse(buf_span(&script), 700, true, &said);
	for (const char *at = told; (at = strchr(at, '\n')) != NULL; at++)
		lines++;
	assert_int_equal(lines, LOGGED_REFUSALS_MAX + 1);
	assert_non_null(strstr(told, "and more, which are not logged\n"));
	buf_release(&script);
	buf_release(&said);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_dialogues),
	    cmocka_unit_test(test_trouble),
	    cmocka_unit_test(test_ends_anywhere),
	    cmocka_unit_test(test_no_message_is_two),
	    cmocka_unit_test(test_too_many_recipients),
	    cmocka_unit_test(test_long_lines),
	    cmocka_unit_test(test_refusals_are_told),
	    cmocka_unit_test(test_patience),
	};
	int rc;

	buf_init(&taken, 8 * MIB);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	buf_release(&taken);
	return rc;
}
