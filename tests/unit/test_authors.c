/* SPDX-License-Identifier: ISC */
/* From, Sender and the like, as a relay takes them. */
#include "unit.h"

#include "base/limits.h"
#include "message/authors.h"

#include "author_cases.h"

#include <string.h>

static char *none[] = {NULL};
static char *senders[] = {"alice@example.com", "*@team.example", NULL};
static char *masks[] = {"*.lab.example=example.com", NULL};

static char *own_names[] = {"web1.example.org", "web1", NULL};

static struct identity
identity_for(enum identity_mode mode)
{
	return (struct identity){.mode = mode,
	    .from = "alerts@example.com",
	    .senders = senders,
	    .masquerade = masks,
	    .own_names = own_names};
}

static void
test_cases(void **state)
{
	struct buf to;

	(void)state;
	buf_init(&to, MIB);
	for (size_t i = 0; i < COUNT(author_cases); i++) {
		const struct author_case *c = &author_cases[i];
		const struct identity id = identity_for(c->mode);
		struct authors_done done;
		struct mends log;
		struct error err;
		int rc;

		buf_clear(&to);
		mends_init(&log);
		rc = authors_rewrite(
		    span_of(c->in), &id, &to, &done, &log, &err);
		if (rc != (c->want != NULL) ||
		    strcmp(buf_text(&to), c->want ? c->want : "") != 0)
			fail_msg("%zu, mode %d, %d: \"%s\" becomes \"%s\"", i,
			    (int)c->mode, rc, c->in, buf_text(&to));
		if ((log.lines.len > 0) != (rc == 1) ||
		    (done.names[0] != '\0') != (rc == 1))
			fail_msg("\"%s\": %s, said \"%s\"", c->in, done.names,
			    buf_text(&log.lines));
		if (done.unsigned_now !=
		    (rc == 1 && strstr(c->in, "DKIM") != NULL &&
			strstr(c->in, "h=Subject") == NULL))
			fail_msg("\"%s\": is the signature broken?", c->in);
		mends_release(&log);
	}
	buf_release(&to);
}

/* What has been changed needs no change again. */
static void
test_once(void **state)
{
	struct buf to;

	(void)state;
	buf_init(&to, MIB);
	for (size_t i = 0; i < COUNT(author_cases); i++) {
		const struct author_case *c = &author_cases[i];
		const struct identity id = identity_for(c->mode);
		struct authors_done done;
		struct mends log;
		struct error err;

		if (c->want == NULL)
			continue;
		mends_init(&log);
		if (authors_rewrite(
			span_of(c->want), &id, &to, &done, &log, &err) != 0)
			fail_msg(
			    "\"%s\" becomes \"%s\"", c->want, buf_text(&to));
		mends_release(&log);
	}
	buf_release(&to);
}

static void
test_names(void **state)
{
	const struct identity id = identity_for(IDENTITY_FORCE);
	struct authors_done done;
	struct mends log;
	struct error err;
	struct buf to;

	(void)state;
	buf_init(&to, MIB);
	mends_init(&log);
	assert_int_equal(
	    authors_rewrite(span_of("Sender: x@y.z\r\nFrom: x@y.z\r\nReply-To: "
				    "a@b.lab.example\r\nFrom: x@y.z\r\n"),
		&id, &to, &done, &log, &err),
	    1);
	assert_string_equal(done.names, "Sender+From+Reply-To");
	mends_release(&log);
	buf_release(&to);
}

/* Nothing is truncated; it is refused. */
static void
test_ceiling(void **state)
{
	const struct identity id = identity_for(IDENTITY_FORCE);
	struct authors_done done;
	struct mends log;
	struct error err;
	struct buf to;

	(void)state;
	mends_init(&log);
	for (size_t room = 0; room < 100; room++) {
		buf_init(&to, room);
		if (authors_rewrite(span_of("From: bob@other.example\r\n"), &id,
			&to, &done, &log, &err) == 1)
			assert_string_equal(buf_text(&to),
			    "From: \"bob at other.example\" "
			    "<alerts@example.com>"
			    "\r\nReply-To: bob@other.example\r\n");
		else
			assert_int_equal(err.kind, ERR_DATA);
		buf_release(&to);
	}
	mends_release(&log);
}

/* Lines stay short enough, and what has no blank is no name. */
static void
test_long(void **state)
{
	const struct identity id = identity_for(IDENTITY_FORCE);
	struct authors_done done;
	struct mends log;
	struct error err;
	struct buf in, to;

	(void)state;
	mends_init(&log);
	for (size_t n = 1; n < 1200; n += 7) {
		static const char *const heads[] = {
		    "From: bob@other.example (", "From: "};
		static const char *const tails[] = {
		    ")\r\n", " <bob@other.example>\r\n"};

		for (size_t k = 0; k < 2; k++) {
			buf_init(&in, MIB);
			buf_init(&to, MIB);
			buf_add_text(&in, heads[k]);
			for (size_t i = 0; i < n; i++)
				buf_add_byte(&in, i % 50 == 49 ? ' ' : 'x');
			buf_add_text(&in, tails[k]);
			assert_int_equal(authors_rewrite(buf_span(&in), &id,
					     &to, &done, &log, &err),
			    1);
			for (char *at = to.at; at < to.at + to.len;) {
				char *end = strstr(at, "\r\n");

				assert_non_null(end);
				assert_true(end - at <= TEXT_LINE_MAX);
				at = end + 2;
			}
			buf_release(&in);
			buf_release(&to);
		}
	}
	mends_release(&log);
}

static void
test_idle(void **state)
{
	struct identity id = identity_for(IDENTITY_KEEP);
	struct authors_done done;
	struct mends log;
	struct error err;
	struct buf to;

	(void)state;
	id.masquerade = none;
	buf_init(&to, MIB);
	mends_init(&log);
	assert_int_equal(authors_rewrite(span_of("From: root\r\n"), &id, &to,
			     &done, &log, &err),
	    0);
	assert_int_equal(to.len, 0);
	mends_release(&log);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_once),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_ceiling),
	    cmocka_unit_test(test_long),
	    cmocka_unit_test(test_idle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
