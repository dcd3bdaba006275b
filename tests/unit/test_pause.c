/* SPDX-License-Identifier: ISC */
/* Relays that are out of order: what is remembered, and what is not believed.
 */
#include "unit.h"

#include "scratch_queue.h"

#include "base/io.h"
#include "queue/folder.h"
#include "queue/lock.h"
#include "queue/pause.h"
#include "queue/schedule.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define NOW ((time_t)1795289101)
#define WHOLE                                                         \
	"pillarbox-relay 1\nfailures 3\nsince 2026-11-21T20:11:17Z\n" \
	"until 2026-11-21T20:26:17Z\nwhy login refused: 535 5.7.8 no\n"

static const struct pause sample = {.failures = 3,
    .since = NOW - 60,
    .until = NOW + 900,
    .uid = PAUSE_ALL,
    .why = "login refused: 535 5.7.8 no"};

static void
set(const char *relay, const struct pause *p)
{
	struct error err;

	if (pause_set(&scratch, relay, p, &err) != 0)
		fail_msg("%s", err.text);
}

/* Puts a file there by hand. */
static void
put(const char *relay, const char *text, size_t len)
{
	char path[128];
	int fd;

	snprintf(path, sizeof path, "%s/relays", scratch_path);
	mkdir(path, 0700);
	snprintf(path, sizeof path, "%s/relays/%s", scratch_path, relay);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(io_write(fd, text, len), 0);
	close(fd);
}

static bool
is_paused(const char *relay)
{
	struct pause p;

	return pause_read(&scratch, relay, &p);
}

static void
test_round(void **state)
{
	struct error err;
	struct pause p;

	(void)state;
	assert_false(is_paused("work"));
	assert_int_equal(pause_clear(&scratch, "work", &err), 0);
	set("work", &sample);
	assert_true(pause_read(&scratch, "work", &p));
	assert_int_equal(p.failures, 3);
	assert_int_equal(p.since, sample.since);
	assert_int_equal(p.until, sample.until);
	assert_string_equal(p.why, sample.why);
	assert_int_equal(p.uid, PAUSE_ALL);
	assert_false(is_paused("home"));
	p.failures = 4;
	set("work", &p);
	assert_true(pause_read(&scratch, "work", &p));
	assert_int_equal(p.failures, 4);
	assert_int_equal(pause_clear(&scratch, "work", &err), 0);
	assert_false(is_paused("work"));
	/* Nothing of it is left where entries are. */
	assert_int_equal(scratch_count(), 0);
}

static void
test_of_one_user(void **state)
{
	struct pause p = sample;

	(void)state;
	assert_true(pause_is_for(&p, 0) && pause_is_for(&p, 1000));
	p.uid = 1000;
	set("work", &p);
	assert_true(pause_read(&scratch, "work", &p));
	assert_int_equal(p.uid, 1000);
	assert_string_equal(p.why, sample.why);
	assert_true(pause_is_for(&p, 1000));
	assert_false(pause_is_for(&p, 1001) || pause_is_for(&p, PAUSE_ALL));
}

/* What a relay says may not add lines; and it may say much. */
static void
test_odd_words(void **state)
{
	struct pause p = sample;

	(void)state;
	snprintf(p.why, sizeof p.why, "no\nuntil 2000-01-01T00:00:00Z\r");
	set("work", &p);
	assert_true(pause_read(&scratch, "work", &p));
	assert_string_equal(p.why, "no?until 2000-01-01T00:00:00Z?");
	memset(p.why, 'x', sizeof p.why - 1);
	set("work", &p);
	assert_true(pause_read(&scratch, "work", &p));
	assert_int_equal(strlen(p.why), sizeof p.why - 1);
	p.why[0] = '\0';
	set("work", &p);
	assert_true(pause_read(&scratch, "work", &p));
	assert_string_equal(p.why, "");
}

static void
test_torn(void **state)
{
	(void)state;
	put("work", WHOLE, sizeof WHOLE - 1);
	assert_true(is_paused("work"));
	for (size_t n = 0; n < sizeof WHOLE - 1; n++) {
		put("work", WHOLE, n);
		if (is_paused("work"))
			fail_msg("%zu bytes of it are believed", n);
	}
}

static void
test_foreign(void **state)
{
	static const char *const texts[] = {
	    "pillarbox-relay 2\nfailures 3\nsince 2026-11-21T20:11:17Z\n"
	    "until 2026-11-21T20:26:17Z\nwhy x\n",
	    WHOLE "more x\n",
	    "pillarbox-relay 1\nfailures 0\nsince 2026-11-21T20:11:17Z\n"
	    "until 2026-11-21T20:26:17Z\nwhy x\n",
	    "pillarbox-relay 1\nfailures -1\nsince 2026-11-21T20:11:17Z\n"
	    "until 2026-11-21T20:26:17Z\nwhy x\n",
	    "pillarbox-relay 1\nfailures 3\nsince now\n"
	    "until 2026-11-21T20:26:17Z\nwhy x\n",
	    "pillarbox-relay 1\nfailures 3\nuntil 2026-11-21T20:11:17Z\n"
	    "since 2026-11-21T20:26:17Z\nwhy x\n",
	    "pillarbox-relay 1\nfailures 3\nsince 2026-11-21T20:11:17Z\n"
	    "until 2026-11-21T20:26:17Z\nwhy\n",
	    "pillarbox-relay 1\nfailures 3\nsince 2026-11-21T20:11:17Z\n"
	    "until 2026-11-21T20:26:17Z\nuid 4294967295\nwhy x\n",
	    "\n\n\n\n\n",
	};
	static char large[8192];

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		put("work", texts[i], strlen(texts[i]));
		if (is_paused("work"))
			fail_msg("believed: %s", texts[i]);
	}
	memset(large, 'x', sizeof large);
	put("work", large, sizeof large);
	assert_false(is_paused("work"));
	/* And it is written over. */
	set("work", &sample);
	assert_true(is_paused("work"));
}

static void
test_not_plain(void **state)
{
	char path[128], other[128];
	struct error err;

	(void)state;
	put("work", WHOLE, sizeof WHOLE - 1);
	snprintf(path, sizeof path, "%s/relays/work", scratch_path);
	snprintf(other, sizeof other, "%s/relays/link", scratch_path);
	assert_int_equal(symlink("work", other), 0);
	assert_false(is_paused("link"));
	/* A link is replaced, not followed. */
	set("link", &sample);
	assert_true(is_paused("link"));
	assert_true(is_paused("work"));
	assert_int_equal(unlink(other), 0);
	assert_int_equal(link(path, other), 0);
	assert_false(is_paused("work"));
	assert_int_equal(unlink(other), 0);
	assert_true(is_paused("work"));
	assert_int_equal(chmod(path, 0622), 0);
	assert_false(is_paused("work"));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_false(is_paused("work"));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_false(is_paused("work"));
	assert_int_equal(pause_set(&scratch, "work", &sample, &err), -1);
	assert_int_equal(err.kind, ERR_IO);
	assert_int_equal(scratch_count(), 0);
}

/* A folder that leads elsewhere. */
static void
test_folder_link(void **state)
{
	char path[128];
	struct error err;

	(void)state;
	snprintf(path, sizeof path, "%s/relays", scratch_path);
	assert_int_equal(symlink("queue", path), 0);
	assert_false(is_paused("work"));
	assert_int_equal(pause_set(&scratch, "work", &sample, &err), -1);
	assert_int_equal(scratch_count(), 0);
}

static void
test_names(void **state)
{
	static const char *const good[] = {"work", "a", "A.b_c-9", "-", "9"};
	static const char *const bad[] = {"", ".", "..", ".work", "a/b", "../x",
	    "a b", "a\n", "caf\303\251",
	    "0123456789012345678901234567890123456789012345678901234567890123"};
	struct error err;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		set(good[i], &sample);
		assert_true(is_paused(good[i]));
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(
		    pause_set(&scratch, bad[i], &sample, &err), -1);
		assert_false(is_paused(bad[i]));
	}
}

static void
test_over(void **state)
{
	struct pause p = sample;

	(void)state;
	assert_false(pause_is_over(&p, NOW));
	assert_false(pause_is_over(&p, p.until - 1));
	assert_true(pause_is_over(&p, p.until));
	/* The clock was put forward, */
	assert_true(pause_is_over(&p, NOW + 100000000));
	/* or back. */
	assert_true(pause_is_over(&p, NOW - 100000000));
	p.until = NOW + SCHEDULE_PAUSE_MAX;
	assert_false(pause_is_over(&p, NOW));
	assert_true(pause_is_over(&p, NOW - 1));
}

static void
test_probe(void **state)
{
	struct error err;
	struct pause p;
	int fd;

	(void)state;
	assert_int_equal(pause_probe(&scratch, "work", &p), -1);
	set("work", &sample);
	fd = pause_probe(&scratch, "work", &p);
	assert_true(fd >= 0);
	assert_int_equal(p.failures, 3);
	/* One alone. */
	assert_int_equal(pause_probe(&scratch, "work", &p), -1);
	/* It failed: the new pause is there before the right is given back. */
	p = sample;
	p.failures = 4;
	set("work", &p);
	close(fd);
	fd = pause_probe(&scratch, "work", &p);
	assert_true(fd >= 0);
	assert_int_equal(p.failures, 4);
	/* It went well. */
	assert_int_equal(pause_clear(&scratch, "work", &err), 0);
	assert_int_equal(pause_probe(&scratch, "work", &p), -1);
	close(fd);
}

static void
test_list(void **state)
{
	struct paused *list;

	(void)state;
	assert_int_equal(pause_list(&scratch, &list), 0);
	free(list);
	set("work", &sample);
	set("home", &sample);
	put("torn", WHOLE, 40);
	put(".hidden", WHOLE, sizeof WHOLE - 1);
	assert_int_equal(pause_list(&scratch, &list), 2);
	assert_string_equal(list[0].relay, "home");
	assert_string_equal(list[1].relay, "work");
	assert_int_equal(list[1].pause.until, sample.until);
	free(list);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, scratch_make, scratch_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_round),
	    TEST(test_of_one_user),
	    TEST(test_odd_words),
	    TEST(test_torn),
	    TEST(test_foreign),
	    TEST(test_not_plain),
	    TEST(test_folder_link),
	    TEST(test_names),
	    TEST(test_over),
	    TEST(test_probe),
	    TEST(test_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
