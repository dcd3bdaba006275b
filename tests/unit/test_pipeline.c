/* SPDX-License-Identifier: ISC */
/* Many messages under way at a time: whose answer is whose, what is sent when,
 * and what is left of it when the session ends. */
#include "unit.h"

#include "base/io.h"
#include "base/limits.h"
#include "delivery/session.h"
#include "fake_stream.h"
#include "offer.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define OK "250 ok\r\n"
#define NO "550 5.1.1 no\r\n"
#define WHAT "503 5.5.1 what?\r\n"
#define BDAT "BDAT 20 LAST"
#define MESSAGES 16

/* An envelope and what is said to it. */
#define ENVELOPE(mail, bob, carol)       \
	{ALICE, mail, 0}, {BOB, bob, 0}, \
	{                                \
		CAROL, carol, 0          \
	}
#define RSET_OK               \
	{                     \
		"RSET", OK, 0 \
	}
#define CHUNK(reply)           \
	{                      \
		BDAT, reply, 0 \
	}
#define GOOD ENVELOPE(OK, OK, OK), CHUNK("250 queued\r\n")

static const struct capabilities stream = {
    .pipelining = true, .chunking = true};
static const struct capabilities ahead = {.pipelining = true};

static struct transaction sent[MESSAGES];

static int
tear_down(void **state)
{
	for (size_t i = 0; i < MESSAGES; i++) {
		if (sent[i].results == NULL)
			continue;
		close(sent[i].fd);
		transaction_release(&sent[i]);
	}
	return offer_tear_down(state);
}

static struct transaction *
make(size_t i, struct span content)
{
	struct transaction *t = &sent[i];

	if (t->results != NULL) {
		close(t->fd);
		transaction_release(t);
	}
	transaction_init(t, &offer.envelope);
	t->size = (int64_t)content.len;
	t->fd = memfd_create("message", MFD_CLOEXEC);
	assert_int_equal(io_write(t->fd, content.at, content.len), 0);
	assert_int_equal(lseek(t->fd, 0, SEEK_SET), 0);
	return t;
}

/* "1 ++; -1 0?": what session_next() gives for each, in order. */
static const char *
results(void)
{
	static const char letters[] = "0+-x?";
	static char told[256];
	struct transaction *t;
	struct error err;
	size_t n = 0;
	int rc;

	while ((rc = session_next(&offer.session, true, &t, &err)) != 0) {
		n += (size_t)snprintf(
		    told + n, sizeof told - n, "%s%d ", n > 0 ? "; " : "", rc);
		for (size_t i = 0; i < t->envelope->rcpt_count; i++)
			told[n++] = letters[t->results[i].outcome];
		told[n] = '\0';
	}
	told[n] = '\0';
	return told;
}

static const struct row {
	const char *name;
	const struct capabilities *caps;
	size_t messages;
	struct fake_step steps[20];
	const char *want;
} rows[] = {
    {"two", &stream, 2, {GOOD, RSET_OK, GOOD}, "1 ++; 1 ++"},
    {"nobody of the first", &stream, 2,
	{ENVELOPE(OK, NO, NO), CHUNK(WHAT), RSET_OK, GOOD}, "1 xx; 1 ++"},
    {"a yes for nobody", &stream, 2,
	{ENVELOPE(OK, NO, NO), CHUNK("250 queued\r\n"), RSET_OK, GOOD},
	"1 xx; 1 ++"},
    {"the first sender refused", &stream, 2,
	{ENVELOPE(NO, WHAT, WHAT), CHUNK(WHAT), RSET_OK, GOOD}, "1 xx; 1 ++"},
    {"somebody refused in each", &stream, 2,
	{ENVELOPE(OK, NO, OK), CHUNK(OK), RSET_OK, ENVELOPE(OK, OK, NO),
	    CHUNK(OK)},
	"1 x+; 1 +x"},
    {"the first message refused", &stream, 2,
	{ENVELOPE(OK, OK, OK), CHUNK("554 5.7.1 spam\r\n"), RSET_OK, GOOD},
	"1 xx; 1 ++"},
    {"the relay in trouble with the first only", &stream, 2,
	{ENVELOPE("451 4.4.5 busy\r\n", WHAT, WHAT), CHUNK(WHAT), RSET_OK,
	    GOOD},
	"-1 00; 1 ++"},
    {"the relay in trouble behind the first", &stream, 2,
	{GOOD, RSET_OK, ENVELOPE("451 4.4.5 busy\r\n", WHAT, WHAT),
	    CHUNK(WHAT)},
	"1 ++; -1 00"},
    {"421 to the first", &stream, 2,
	{{ALICE, "421 4.3.2 bye\r\n", 0}, {BOB, FAKE_CLOSE, 0}},
	"-1 00; -1 00"},
    {"421 to the end of the first", &stream, 2,
	{ENVELOPE(OK, OK, OK), CHUNK("421 4.3.2 bye\r\n"),
	    {"RSET", FAKE_CLOSE, 0}},
	"-1 00; -1 00"},
    {"421 to a recipient of the second", &stream, 3,
	{GOOD, RSET_OK, ENVELOPE(OK, OK, "421 bye\r\n"), {BDAT, FAKE_CLOSE, 0}},
	"1 ++; -1 00; -1 00"},
    {"421, and a yes behind it: it has not left", &stream, 2,
	{ENVELOPE(OK, OK, OK), CHUNK("421 4.3.2 bye\r\n"), RSET_OK,
	    {ALICE, OK, 0}, {BOB, FAKE_CLOSE, 0}},
	"-1 00; -1 ??"},
    {"BDAT not known", &stream, 3,
	{ENVELOPE(OK, NO, OK), CHUNK("500 what?\r\n"), RSET_OK,
	    ENVELOPE(OK, NO, NO), CHUNK("500 what?\r\n"), RSET_OK,
	    ENVELOPE(OK, OK, OK), {BDAT, FAKE_CLOSE, 0}},
	"1 x-; -1 00; -1 00"},
    {"BDAT not known, and a yes behind it", &stream, 2,
	{ENVELOPE(OK, OK, OK), CHUNK("502 what?\r\n"), RSET_OK, GOOD},
	"1 --; -1 ??"},
    {"BDAT known, and then not", &stream, 2,
	{GOOD, RSET_OK, ENVELOPE(OK, OK, OK), CHUNK("500 spam\r\n")},
	"1 ++; 1 xx"},
    {"cut behind the first", &stream, 2,
	{ENVELOPE(OK, OK, OK), {BDAT, "250 queued\r\n", 0},
	    {"RSET", FAKE_CLOSE, 0}},
	"1 ++; -1 ??"},
    {"closed at once", &stream, 2, {{ALICE, FAKE_CLOSE, 0}}, "-1 ??; -1 ??"},
    {"closed when one is refused for all", &stream, 2,
	{ENVELOPE(OK, NO, NO), {BDAT, FAKE_CLOSE, 0}}, "1 xx; -1 ??"},
    {"out of step", &stream, 2,
	{ENVELOPE(OK, OK, "200-a\r\n300 b\r\n"), {BDAT, "250 queued\r\n", 0},
	    {"RSET", FAKE_SILENT, 0}},
	"-1 ??; -1 ??"},
    {"354 at the end", &stream, 2,
	{ENVELOPE(OK, OK, OK), CHUNK("354 go on\r\n")}, "-1 ??; -1 ??"},
    {"one RSET too many", &stream, 3,
	{ENVELOPE(OK, NO, NO), CHUNK(WHAT), {"RSET", "554 enough\r\n", 0},
	    {ALICE, FAKE_CLOSE, 0}},
	"1 xx; -1 00; -1 00"},
    {"RSET refused", &stream, 2, {GOOD, {"RSET", "500 what?\r\n", 0}},
	"1 ++; -1 00"},
    {"RSET refused, and it goes on", &stream, 3,
	{GOOD, {"RSET", "500 what?\r\n", 0}, GOOD, {"RSET", WHAT, 0},
	    ENVELOPE(OK, OK, NO), {BDAT, FAKE_CLOSE, 0}},
	"1 ++; 1 ++; -1 ?x"},

    {"two ahead", &ahead, 2,
	{ENVELOPE(OK, OK, OK), {"DATA", "354 go on\r\n", 0}, {".", OK, 0},
	    ENVELOPE(OK, OK, OK), {"DATA", "354 go on\r\n", 0}, {".", OK, 0}},
	"1 ++; 1 ++"},
    {"ahead: nobody, and 354", &ahead, 2,
	{ENVELOPE(OK, NO, NO), {"DATA", "354 go on\r\n", 0},
	    {".", "554 nobody\r\n", 0}, RSET_OK, ENVELOPE(OK, OK, OK),
	    {"DATA", "354 go on\r\n", 0}, {".", OK, 0}},
	"1 xx; 1 ++"},
    {"ahead: nobody, 354 and a yes", &ahead, 1,
	{ENVELOPE(OK, NO, NO), {"DATA", "354 go on\r\n", 0}, {".", OK, 0}},
	"1 xx"},
    {"ahead: nobody", &ahead, 2,
	{ENVELOPE(OK, NO, NO), {"DATA", WHAT, 0}, RSET_OK, ENVELOPE(OK, OK, OK),
	    {"DATA", "354 go on\r\n", 0}, {".", OK, 0}},
	"1 xx; 1 ++"},
    {"ahead: no sender", &ahead, 2,
	{ENVELOPE(NO, WHAT, WHAT), {"DATA", WHAT, 0}, ENVELOPE(OK, OK, OK),
	    {"DATA", "354 go on\r\n", 0}, {".", OK, 0}},
	"1 xx; 1 ++"},
    {"ahead: the message refused", &ahead, 2,
	{ENVELOPE(OK, OK, OK), {"DATA", "354 go on\r\n", 0}, {".", NO, 0},
	    ENVELOPE(OK, OK, OK), {"DATA", "354 go on\r\n", 0}, {".", OK, 0}},
	"1 xx; 1 ++"},
    {"ahead: DATA refused", &ahead, 2,
	{ENVELOPE(OK, OK, OK), {"DATA", "451 4.3.0 no\r\n", 0}, RSET_OK,
	    ENVELOPE(OK, OK, OK), {"DATA", "354 go on\r\n", 0}, {".", OK, 0}},
	"1 --; 1 ++"},
    {"ahead: closed at the end", &ahead, 2,
	{ENVELOPE(OK, OK, OK), {"DATA", "354 go on\r\n", 0},
	    {".", FAKE_CLOSE, 0}},
	"-1 ??; -1 00"},
    {"ahead: 421 at the end", &ahead, 2,
	{ENVELOPE(OK, OK, OK), {"DATA", "354 go on\r\n", 0},
	    {".", "421 bye\r\n", 0}, {ALICE, FAKE_CLOSE, 0}},
	"-1 00; -1 00"},
    {"ahead: nobody, and 421", &ahead, 2,
	{ENVELOPE(OK, NO, NO), {"DATA", "421 bye\r\n", 0}}, "1 xx; -1 00"},
    {"ahead: the relay in trouble", &ahead, 2,
	{ENVELOPE(OK, OK, OK), {"DATA", "354 go on\r\n", 0},
	    {".", "451 4.4.5 busy\r\n", 0}, ENVELOPE(OK, OK, OK),
	    {"DATA", "354 go on\r\n", 0}},
	"-1 00; -1 00"},
};

static void
check_row(const struct row *row, size_t chunk)
{
	size_t n = 0;
	const char *told;

	while (n < COUNT(row->steps) && row->steps[n].say != NULL)
		n++;
	offer.caps = *row->caps;
	offer.chunk = chunk;
	offer_begin(row->steps, n);
	for (size_t i = 0; i < row->messages; i++)
		session_push(&offer.session, make(i, span_of(MESSAGE)));
	told = results();
	if (strcmp(told, row->want) != 0 || fake.done != n)
		fail_msg("%s, chunks of %zu: %s\n%s", row->name, chunk, told,
		    buf_text(&fake.dialogue));
	/* Behind an end of the session nothing is said. */
	if (strchr(row->want, '-') == NULL && fake.surprised)
		fail_msg("%s: %s", row->name, buf_text(&fake.dialogue));
	offer_end();
}

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t chunk = 0; chunk < 8; chunk++)
			check_row(&rows[i], chunk);
}

/* Everything of all messages that fits leaves in one write, as it is. */
static void
test_one_write(void **state)
{
	static const struct fake_step steps[] = {
	    GOOD, RSET_OK, GOOD, RSET_OK, GOOD};

	(void)state;
	offer.caps = stream;
	offer_begin(steps, COUNT(steps));
	for (size_t i = 0; i < 3; i++)
		session_push(&offer.session, make(i, span_of(MESSAGE)));
	assert_string_equal(results(), "1 ++; 1 ++; 1 ++");
	assert_int_equal(fake.writes, 1);
	assert_string_equal(buf_text(&fake.data), MESSAGE MESSAGE MESSAGE);
	assert_true(fake_went_well());
	/* All has ended well, so no RSET. */
	assert_true(offer.session.fresh);
	offer_end();
}

/* Body, dot and the next envelope are one write. */
static void
test_writes_ahead(void **state)
{
	static const struct fake_step steps[] = {ENVELOPE(OK, OK, OK),
	    {"DATA", "354 go on\r\n", 0}, {".", OK, 0}, ENVELOPE(OK, OK, OK),
	    {"DATA", "354 go on\r\n", 0}, {".", OK, 0}};

	(void)state;
	offer.caps = ahead;
	offer_begin(steps, COUNT(steps));
	for (size_t i = 0; i < 2; i++)
		session_push(&offer.session, make(i, span_of(MESSAGE)));
	assert_string_equal(results(), "1 ++; 1 ++");
	assert_int_equal(fake.writes, 3);
	assert_string_equal(buf_text(&fake.data), MESSAGE MESSAGE);
	offer_end();
}

/* No more than the window is ever unanswered. */
static void
test_window(void **state)
{
	static const struct fake_step steps[] = {GOOD, GOOD, GOOD};

	(void)state;
	offer.caps = stream;
	for (int by = 0; by < 3; by++) {
		offer_begin(steps, COUNT(steps));
		if (by == 0)
			offer.session.window_octets = 39;
		else if (by == 1)
			offer.session.window = 1;
		else
			offer.session.failures = FAILURES_MAX - 1;
		for (size_t i = 0; i < 3; i++)
			session_push(&offer.session, make(i, span_of(MESSAGE)));
		assert_string_equal(results(), "1 ++; 1 ++; 1 ++");
		assert_int_equal(fake.writes, 3);
		assert_true(fake_went_well());
		offer_end();
	}
}

/* Errors in a row let one message at a time go; one that is taken ends that,
 * then the next two go together. */
static void
test_strain(void **state)
{
	static const struct fake_step steps[] = {GOOD, GOOD, RSET_OK, GOOD};
	struct session *s = &offer.session;

	(void)state;
	offer.caps = stream;
	offer_begin(steps, COUNT(steps));
	s->errors = ERRORS_MAX - 3;
	for (size_t i = 0; i < 3; i++)
		session_push(s, make(i, span_of(MESSAGE)));
	assert_string_equal(results(), "1 ++; 1 ++; 1 ++");
	assert_int_equal(fake.writes, 2);
	assert_true(fake_went_well());
	assert_false(session_is_strained(s));
	s->failures = FAILURES_MAX;
	assert_true(session_is_strained(s));
	s->failures = 1;
	assert_false(session_is_strained(s));
	s->errors = ERRORS_MAX - 1;
	assert_true(session_is_strained(s));
	offer_end();
}

/* After many that were good more go at once than may fail; not when one has. */
static void
test_trust(void **state)
{
	enum { MANY = FAILURES_MAX + 4 };
	static struct fake_step steps[3 * MANY * 4];
	static const struct fake_step one[] = {GOOD};
	struct session *s = &offer.session;
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < MANY; i++)
		for (size_t k = 0; k < COUNT(one); k++)
			steps[count++] = one[k];
	offer.caps = stream;
	for (size_t failures = 0; failures < 2; failures++) {
		offer_begin(steps, count);
		s->good = GOOD_ENOUGH;
		s->failures = failures;
		for (size_t i = 0; i < MANY; i++)
			session_push(s, make(i, span_of(MESSAGE)));
		assert_int_equal(s->unanswered > FAILURES_MAX, failures == 0);
		offer_end();
	}
}

static void
test_errors_are_counted(void **state)
{
	static const struct fake_step steps[] = {
	    ENVELOPE(OK, NO, NO), CHUNK(WHAT), RSET_OK, GOOD};
	struct session *s = &offer.session;

	(void)state;
	offer.caps = stream;
	offer_begin(steps, COUNT(steps));
	session_push(s, make(0, span_of(MESSAGE)));
	assert_string_equal(results(), "1 xx");
	assert_int_equal(s->errors, 3);
	assert_int_equal(s->failures, 1);
	session_push(s, make(1, span_of(MESSAGE)));
	assert_string_equal(results(), "1 ++");
	assert_int_equal(s->errors, 0);
	assert_int_equal(s->failures, 1);
	assert_int_equal(s->risk, 0);
	offer_end();
}

/* An answer before its command has left is none. */
static void
test_early_answers(void **state)
{
	static const struct {
		struct fake_step steps[6];
		size_t gulp;
		const char *want;
	} cases[] = {
	    {{{ALICE, OK OK, 0}}, sizeof ALICE + 1, "-1 00"},
	    {{ENVELOPE(OK, OK, OK "250 queued\r\n")},
		sizeof ALICE + sizeof BOB + sizeof CAROL + 3, "-1 00"},
	    {{ENVELOPE(OK, OK, OK), {NULL, "250 queued\r\n", 10}}, 111,
		"-1 00"},
	    /* What is said against it counts. */
	    {{ENVELOPE(OK, OK, OK), {NULL, "552 5.3.4 big\r\n", 10}}, 111,
		"-1 xx"},
	    {{ENVELOPE(OK, NO, OK), {NULL, "452 4.3.1 big\r\n", 10}}, 111,
		"-1 x-"},
	    {{{NULL, "250 hello\r\n", 0}}, 0, "-1 00"},
	    /* One too many, whichever. */
	    {{GOOD, {NULL, "250 and more\r\n", 0}}, 0, "-1 ??"},
	    {{ENVELOPE(OK OK, OK, NO), CHUNK("550 no\r\n")}, 0, "-1 ??"},
	    {{ENVELOPE(OK OK, NO, OK), CHUNK("550 no\r\n")}, 0, "-1 ??"},
	    /* Who leaves has said all that there was to say. */
	    {{GOOD, {NULL, "421 bye\r\n", 0}}, 0, "1 ++"},
	    /* BDAT is not known: what its octets are answered by is nothing. */
	    {{ENVELOPE(OK, OK, OK), CHUNK("500 what?\r\n500 what?\r\n")}, 0,
		"1 --"},
	    /* BDAT is not known, and not all of it out. */
	    {{ENVELOPE(OK, OK, OK), {NULL, "500 what?\r\n", 10}}, 111, "1 --"},
	};

	(void)state;
	offer.caps = stream;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *told;
		size_t n = 0;

		while (cases[i].steps[n].say != NULL)
			n++;
		offer_begin(cases[i].steps, n);
		fake.gulp = cases[i].gulp;
		session_push(&offer.session, make(0, span_of(MESSAGE)));
		told = results();
		if (strcmp(told, cases[i].want) != 0)
			fail_msg("case %zu: %s\n%s", i, told,
			    buf_text(&fake.dialogue));
		session_push(&offer.session, make(0, span_of(MESSAGE)));
		if (strcmp(results(), "-1 00") != 0)
			fail_msg("case %zu goes on", i);
		offer_end();
	}
}

/* In doubt from its last octet on, and not before. */
static void
test_doubt_begins_with_the_last_octet(void **state)
{
	struct fake_step steps[] = {ENVELOPE(OK, OK, OK), {NULL, NULL, 0}};

	(void)state;
	offer.caps = stream;
	for (size_t octets = 18; octets <= 20; octets++) {
		steps[3] = (struct fake_step){NULL, FAKE_CLOSE, octets};
		offer_begin(steps, COUNT(steps));
		fake.gulp = 1;
		session_push(&offer.session, make(0, span_of(MESSAGE)));
		assert_string_equal(
		    results(), octets == 20 ? "-1 ??" : "-1 00");
		offer_end();
	}
}

/* The relay goes away behind every single octet: who has been answered has it,
 * and of the others nothing is claimed. */
static void
test_closed_behind_every_octet(void **state)
{
	static const struct fake_step steps[] = {GOOD, RSET_OK, GOOD};
	const char *told;
	size_t all, first;

	(void)state;
	offer.caps = stream;
	offer_begin(steps, COUNT(steps));
	fake.gulp = 1;
	session_push(&offer.session, make(0, span_of(MESSAGE)));
	assert_string_equal(results(), "1 ++");
	first = fake.taken;
	offer_end();
	all = 2 * first + strlen("RSET\r\n");
	for (size_t limit = 1; limit <= all; limit++) {
		offer_begin(steps, COUNT(steps));
		fake.gulp = 1;
		fake.limit = limit;
		for (size_t i = 0; i < 2; i++)
			session_push(&offer.session, make(i, span_of(MESSAGE)));
		told = results();
		if (strcmp(told, limit < first ? "-1 00; -1 00"
				 : limit < all ? "1 ++; -1 00"
					       : "1 ++; 1 ++") != 0)
			fail_msg("closed behind %zu: %s", limit, told);
		offer_end();
	}
}

/* A message of so many octets, in lines; buf_text() of it. */
static struct span
large(size_t size)
{
	static char text[2 * SPECULATIVE_MAX];

	memset(text, 'x', size);
	memcpy(text + size - 2, "\r\n", 2);
	return span(text, size);
}

/* Above a size a message waits for the answers to its envelope. */
static void
test_large(void **state)
{
	static const struct fake_step good[] = {ENVELOPE(OK, OK, OK),
	    {"BDAT 65537 LAST", "250 queued\r\n", 0}, RSET_OK, GOOD};
	static const struct fake_step nobody[] = {
	    ENVELOPE(OK, NO, NO), RSET_OK, GOOD};

	(void)state;
	offer.caps = stream;
	for (int i = 0; i < 2; i++) {
		offer_begin(i == 0 ? good : nobody,
		    i == 0 ? COUNT(good) : COUNT(nobody));
		session_push(
		    &offer.session, make(0, large(SPECULATIVE_MAX + 1)));
		session_push(&offer.session, make(1, span_of(MESSAGE)));
		assert_string_equal(
		    results(), i == 0 ? "1 ++; 1 ++" : "1 xx; 1 ++");
		assert_int_equal(
		    fake.octets, i == 0 ? SPECULATIVE_MAX + 1 + 20 : 20);
		assert_true(fake_went_well());
		offer_end();
	}
}

/* A small one that is not in wire form is seen before anything is sent. */
static void
test_corrupt(void **state)
{
	static const struct fake_step steps[] = {GOOD, RSET_OK, GOOD};

	(void)state;
	offer.caps = stream;
	offer_begin(steps, COUNT(steps));
	session_push(&offer.session, make(0, span_of(MESSAGE)));
	session_push(&offer.session, make(1, span_of("a\nb\r\n")));
	session_push(&offer.session, make(2, span_of(MESSAGE)));
	assert_string_equal(results(), "1 ++; -1 00; 1 ++");
	assert_true(sent[1].corrupt);
	assert_true(fake_went_well());
	assert_false(offer.session.lost);
	offer_end();
}

/* A large one ends the session, without its last octet. */
static void
test_corrupt_large(void **state)
{
	static const struct fake_step steps[] = {ENVELOPE(OK, OK, OK)};
	struct span m = large(SPECULATIVE_MAX + 100);

	(void)state;
	((char *)m.at)[SPECULATIVE_MAX + 50] = '\n';
	offer.caps = stream;
	offer_begin(steps, COUNT(steps));
	session_push(&offer.session, make(0, m));
	assert_string_equal(results(), "-1 00");
	assert_true(sent[0].corrupt);
	assert_true(offer.session.lost);
	assert_in_range(fake.octets, 1, SPECULATIVE_MAX);
	offer_end();
}

/* What the relay has no room for is offered in the next transaction, and it is
 * not asked for more at a time again. */
static void
test_crowded(void **state)
{
	static const struct fake_step steps[] = {
	    ENVELOPE(OK, OK, "452 4.5.3 too many\r\n"),
	    CHUNK("250 queued as 1\r\n"), {ALICE, OK, 0}, {CAROL, OK, 0},
	    CHUNK("250 queued as 2\r\n"), {ALICE, OK, 0}, {BOB, OK, 0},
	    CHUNK(OK), {ALICE, OK, 0}, {CAROL, "452 4.3.1 full\r\n", 0},
	    CHUNK(WHAT)};
	struct transaction *t = make(0, span_of(MESSAGE));

	(void)state;
	offer.caps = stream;
	offer_begin(steps, COUNT(steps));
	for (int i = 0; i < 2; i++) {
		session_push(&offer.session, t);
		assert_string_equal(results(), "1 +-");
		assert_true(transaction_again(t));
		lseek(t->fd, 0, SEEK_SET);
		session_push(&offer.session, t);
		/* When nobody is taken any more, that is it. */
		assert_string_equal(results(), i == 0 ? "1 ++" : "1 +-");
		assert_false(transaction_again(t));
		if (i == 0) {
			assert_string_equal(
			    transaction_text(t, 0), "250 queued as 1");
			assert_string_equal(
			    transaction_text(t, 1), "250 queued as 2");
			t = make(0, span_of(MESSAGE));
		}
	}
	assert_string_equal(transaction_text(t, 1), "452 4.3.1 full");
	assert_true(fake_went_well());
	offer_end();
}

/* 503 behind another: not its fault, once. */
static void
test_nested(void **state)
{
	static const struct fake_step steps[] = {GOOD, RSET_OK,
	    ENVELOPE(WHAT, WHAT, WHAT), CHUNK(WHAT), RSET_OK,
	    ENVELOPE(OK, OK, OK), CHUNK("250 queued\r\n")};

	(void)state;
	offer.caps = stream;
	offer_begin(steps, COUNT(steps));
	for (size_t i = 0; i < 2; i++)
		session_push(&offer.session, make(i, span_of(MESSAGE)));
	assert_string_equal(results(), "1 ++; 1 --");
	assert_false(transaction_again(&sent[0]));
	assert_true(transaction_again(&sent[1]));
	lseek(sent[1].fd, 0, SEEK_SET);
	session_push(&offer.session, &sent[1]);
	assert_string_equal(results(), "1 ++");
	assert_false(transaction_again(&sent[1]));
	assert_true(fake_went_well());
	offer_end();
}

/* Who does not know BDAT gets all of them by DATA, in a new session. */
static void
test_chunks_not_known(void **state)
{
	static const struct fake_step not_known[] = {
	    ENVELOPE(OK, NO, OK), CHUNK("503 what?\r\n"), {"RSET", OK, 0}};
	static const struct fake_step by_data[] = {
	    ENVELOPE(OK, NO, OK), {"DATA", "354 go on\r\n", 0}, {".", OK, 0}};

	(void)state;
	offer.caps = stream;
	offer_begin(not_known, COUNT(not_known));
	session_push(&offer.session, make(0, span_of(MESSAGE)));
	assert_string_equal(results(), "1 x-");
	assert_true(offer.session.ending);
	assert_true(offer.session.no_chunks);
	assert_true(transaction_again(&sent[0]));
	lseek(sent[0].fd, 0, SEEK_SET);
	offer_end();
	offer_begin(by_data, COUNT(by_data));
	session_avoid_chunks(&offer.session);
	session_push(&offer.session, &sent[0]);
	assert_string_equal(results(), "1 x+");
	assert_true(fake_went_well());
	offer_end();
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, offer_set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_rows),
	    TEST(test_one_write),
	    TEST(test_writes_ahead),
	    TEST(test_window),
	    TEST(test_strain),
	    TEST(test_trust),
	    TEST(test_errors_are_counted),
	    TEST(test_early_answers),
	    TEST(test_doubt_begins_with_the_last_octet),
	    TEST(test_closed_behind_every_octet),
	    TEST(test_large),
	    TEST(test_corrupt),
	    TEST(test_corrupt_large),
	    TEST(test_crowded),
	    TEST(test_nested),
	    TEST(test_chunks_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
