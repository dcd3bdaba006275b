/* SPDX-License-Identifier: ISC */
/* From the caller's bytes to the wire's: the way of a whole message. */
#include "unit.h"

#include "base/io.h"
#include "base/limits.h"
#include "message/outgoing.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define HEADER                                      \
	"From: a@b.example\r\n"                     \
	"Date: Sat, 21 Nov 2026 19:25:01 +0000\r\n" \
	"Message-ID: <x@y.example>\r\n"

static const struct completion completion = {
    .now_us = 1795289101999999,
    .sender = "alice@example.org",
    .full_name = "",
    .host_name = "host.example.org",
    .domain = "example.org",
};

/* What outgoing_write() writes. */
static void
written(const struct outgoing *o, struct buf *to)
{
	int fd = memfd_create("out", MFD_CLOEXEC);
	struct error err;
	char *room;

	assert_int_equal(outgoing_write(o, fd, &err), 0);
	room = buf_room(to, (size_t)o->size + 1);
	assert_non_null(room);
	/* One more is asked for: o->size is all there is. */
	assert_int_equal(
	    pread(fd, room, (size_t)o->size + 1, 0), (ssize_t)o->size);
	buf_grown(to, (size_t)o->size);
	close(fd);
}

static int
make(struct outgoing *o, const char *input, int64_t size_max, bool seven_bit,
    struct error *err)
{
	outgoing_init(o, size_max);
	o->seven_bit = seven_bit;
	if (intake_take(&o->in, span_of(input), err) != 0 ||
	    intake_end(&o->in, err) != 0)
		return -1;
	return outgoing_mend(o, &completion, err);
}

static const struct {
	const char *input, *want;
	bool seven_bit, walked, eight_bit, utf8;
} cases[] = {
    {HEADER "\nHello\n", HEADER "\r\nHello\r\n", false, false, false, false},
    {HEADER "Bcc: c@d\n\nHello", HEADER "\r\nHello\r\n", false, false, false,
	false},
    {HEADER, HEADER "\r\n", false, false, false, false},
    /* 8-bit content is declared, or encoded where it must be */
    {HEADER "\nh\303\244\n",
	HEADER "MIME-Version: 1.0\r\n"
	       "Content-Type: text/plain; charset=utf-8\r\n"
	       "Content-Transfer-Encoding: 8bit\r\n\r\nh\303\244\r\n",
	false, true, true, false},
    {HEADER "\nOne \303\244 in a line of plain text\n",
	HEADER "MIME-Version: 1.0\r\n"
	       "Content-Type: text/plain; charset=utf-8\r\n"
	       "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
	       "One =C3=A4 in a line of plain text\r\n",
	true, true, false, false},
    /* an address in the header needs SMTPUTF8, and that 8BITMIME */
    {HEADER "To: \303\244@b.example\n\nHello\n",
	HEADER "To: \303\244@b.example\r\n\r\nHello\r\n", false, false, true,
	true},
};

static void
test_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct outgoing o;
		struct error err = {0};
		struct buf out;

		buf_init(&out, MIB);
		if (make(&o, cases[i].input, MIB, cases[i].seven_bit, &err) !=
		    0)
			fail_msg("case %zu: %s", i, err.text);
		written(&o, &out);
		assert_string_equal(buf_text(&out), cases[i].want);
		assert_int_equal(o.walked, cases[i].walked);
		assert_int_equal(o.eight_bit, cases[i].eight_bit);
		assert_int_equal(o.utf8, cases[i].utf8);
		buf_release(&out);
		outgoing_release(&o);
	}
}

/* The ceiling holds for what comes out, and is said as such. */
static void
test_ceiling(void **state)
{
	static const char input[] = HEADER "\n\303\244\303\244\303\244\n";
	struct outgoing o;
	struct error err = {0};

	(void)state;
	assert_int_equal(
	    make(&o, input, (int64_t)strlen(input) + 8, false, &err), -1);
	assert_int_equal(err.kind, ERR_SIZE);
	assert_non_null(strstr(err.text, "max-size"));
	assert_non_null(strstr(err.text, "fit to be sent"));
	outgoing_release(&o);
}

/* A reader that goes away is an error, not a signal's death nor a success. */
static void
test_reader_gone(void **state)
{
	struct outgoing o;
	struct error err = {0};
	int fd[2];

	(void)state;
	assert_int_equal(make(&o, HEADER "\nHello\n", MIB, false, &err), 0);
	assert_int_equal(pipe(fd), 0);
	close(fd[0]);
	assert_int_equal(outgoing_write(&o, fd[1], &err), -1);
	assert_int_equal(err.kind, ERR_IO);
	close(fd[1]);
	outgoing_release(&o);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ways),
	    cmocka_unit_test(test_ceiling),
	    cmocka_unit_test(test_reader_gone),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
