/* SPDX-License-Identifier: ISC */
/* What a listing may see of entries, and of files that are none. */
#include "unit.h"

#include "scratch_spoil.h"

#include <stdio.h>
#include <sys/resource.h>

static struct buf head, records;

/* Peeks as reader; head and records are what was found. */
static bool
peek(const char *id, uid_t reader, time_t *next, bool *busy)
{
	struct queued q = {.not_before = 0};

	assert_true(strlen(id) < sizeof q.id);
	memcpy(q.id, id, strlen(id) + 1);
	buf_clear(&head);
	buf_clear(&records);
	return store_peek(
		   &scratch, &q, reader, &head, &records, next, busy, &err) > 0;
}

static int
make_buffers(void **state)
{
	buf_init(&head, ENTRY_HEAD_MAX);
	buf_init(&records, ENTRY_RECORDS_MAX);
	return scratch_make(state);
}

static int
remove_buffers(void **state)
{
	buf_release(&head);
	buf_release(&records);
	return scratch_remove(state);
}

static void
test_peek(void **state)
{
	char id[ENTRY_ID_SIZE];
	struct entry_file f;
	struct buf file;
	struct stat st;
	time_t next = 0;
	bool busy = false;

	(void)state;
	buf_init(&file, 1 * MIB);
	scratch_accept(id);
	open_entry(id, &f);
	append(&f, EVENT_DEFERRED, 0, "450 later");
	assert_int_equal(store_entry_defer(&f, 1795289101, &err), 0);
	assert_true(peek(id, SCRATCH_UID, &next, &busy));
	assert_true(busy);
	assert_int_equal(next, 1795289101);
	scratch_read(id, &file, &st);
	assert_int_equal(head.len, f.message_at);
	assert_memory_equal(head.at, file.at, head.len);
	assert_int_equal(
	    head.len + strlen(SCRATCH_MESSAGE) + records.len, file.len);
	assert_memory_equal(
	    records.at, file.at + file.len - records.len, records.len);
	store_entry_close(&f);
	assert_true(peek(id, SCRATCH_UID, &next, &busy));
	assert_false(busy);
	/* It takes no lock, and keeps none. */
	assert_int_equal(try_open(id), OPEN_DONE);
	buf_release(&file);
}

static void
test_peek_is_for_its_sender(void **state)
{
	char id[ENTRY_ID_SIZE];
	time_t next;
	bool busy;

	(void)state;
	scratch_accept(id);
	assert_true(peek(id, SCRATCH_UID, &next, &busy));
	assert_true(peek(id, 0, &next, &busy));
	assert_false(peek(id, SCRATCH_UID + 1, &next, &busy));
	assert_false(peek(id, (uid_t)-1, &next, &busy));
}

static void
test_peek_at_no_entry(void **state)
{
	static const char *const ids[] = {OTHER, "", ".", "..", "/etc/passwd"};
	time_t next;
	bool busy;

	(void)state;
	for (size_t i = 0; i < COUNT(ids); i++)
		if (peek(ids[i], 0, &next, &busy))
			fail_msg("seen: \"%s\"", ids[i]);
	for (size_t i = 0; i < COUNT(spoilers); i++) {
		char id[ENTRY_ID_SIZE];

		accept_spoilt(i, id);
		if (spoilers[i].spoil != another_id &&
		    peek(id, 0, &next, &busy))
			fail_msg("seen: %s", spoilers[i].name);
		/* Looking changes nothing. */
		assert_true(scratch_has(scratch.queue, id));
	}
}

/* A name that is no id is never a path. */
static void
test_peek_beside_the_queue(void **state)
{
	char id[ENTRY_ID_SIZE], name[2 * ENTRY_ID_SIZE];
	time_t next;
	bool busy;

	(void)state;
	scratch_accept(id);
	snprintf(name, sizeof name, "../queue/%s", id);
	assert_false(peek(name, 0, &next, &busy));
}

/* A message that does not come with the head, then a head that does not come
 * in one read: the records are found all the same. */
static void
test_peek_at_large_ones(void **state)
{
	static const char tail[] = "size 5000\n\n";

	(void)state;
	for (size_t rcpts = 0; rcpts <= 1000; rcpts += 1000) {
		char id[ENTRY_ID_SIZE];
		struct entry_file f;
		struct buf whole;
		struct stat st;
		time_t next;
		bool busy;

		buf_init(&whole, 1 * MIB);
		buf_add_text(&whole, SCRATCH_HEAD);
		for (size_t i = 0; i < rcpts; i++)
			buf_printf(&whole, "to <r%zu@example.net>\n", i);
		buf_add_text(&whole, tail);
		for (size_t i = 0; i < 100; i++)
			buf_printf(&whole, "%048zu\r\n", i);
		assert_int_equal(scratch_offer(buf_span(&whole), id), ERR_NONE);
		assert_true(peek(id, SCRATCH_UID, &next, &busy));
		assert_int_equal(records.len, 0);
		open_entry(id, &f);
		append(&f, EVENT_DEFERRED, 0, "450 later");
		append(&f, EVENT_HELD, RCPT_NONE, "kept");
		store_entry_close(&f);
		buf_clear(&whole);
		scratch_read(id, &whole, &st);
		assert_true(peek(id, SCRATCH_UID, &next, &busy));
		assert_memory_equal(head.at, whole.at, head.len);
		assert_int_equal(head.len + 5000 + records.len, whole.len);
		assert_memory_equal(records.at,
		    whole.at + whole.len - records.len, records.len);
		buf_release(&whole);
	}
}

/* What is handed on ends with a line, wherever a crash cut the file off. */
static void
test_peek_at_a_torn_record(void **state)
{
	char id[ENTRY_ID_SIZE];
	size_t message_end, first_end;
	struct entry_file f;
	struct buf whole;
	struct stat st;
	time_t next;
	bool busy;

	(void)state;
	buf_init(&whole, 1 * MIB);
	scratch_accept(id);
	open_entry(id, &f);
	message_end = (size_t)f.records_end;
	append(&f, EVENT_DEFERRED, 0, "450 later");
	first_end = (size_t)f.records_end;
	append(&f, EVENT_DEFERRED, 0, "451 later");
	store_entry_close(&f);
	scratch_read(id, &whole, &st);
	for (size_t n = message_end; n < whole.len; n++) {
		put(id, whole.at, n);
		assert_true(peek(id, SCRATCH_UID, &next, &busy));
		assert_int_equal(
		    records.len, n < first_end ? 0 : first_end - message_end);
	}
	buf_release(&whole);
}

/* A look at the queue writes nothing, not even that it was looked at: with the
 * next attempt in the future, relatime would have it written every time. */
static void
test_peek_leaves_the_time_of_access(void **state)
{
	struct timespec times[2] = {{.tv_sec = 1000}, {.tv_sec = 4000000000}};
	char id[ENTRY_ID_SIZE];
	struct stat st;
	time_t next;
	bool busy;

	(void)state;
	scratch_accept(id);
	assert_int_equal(utimensat(scratch.queue, id, times, 0), 0);
	assert_true(peek(id, SCRATCH_UID, &next, &busy));
	assert_int_equal(fstatat(scratch.queue, id, &st, 0), 0);
	assert_int_equal(st.st_atime, 1000);
}

/* That it cannot be looked at now does not mean that there is none. */
static void
test_peek_that_cannot_look(void **state)
{
	struct queued q = {.not_before = 0};
	struct rlimit old, low;
	char id[ENTRY_ID_SIZE];
	time_t next;
	bool busy;
	int rc;

	(void)state;
	scratch_accept(id);
	memcpy(q.id, id, sizeof q.id);
	buf_clear(&head);
	buf_clear(&records);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	low = old;
	low.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
	rc = store_peek(&scratch, &q, 0, &head, &records, &next, &busy, &err);
	setrlimit(RLIMIT_NOFILE, &old);
	assert_int_equal(rc, -1);
	assert_int_equal(err.kind, ERR_IO);
	assert_true(peek(id, 0, &next, &busy));
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, make_buffers, remove_buffers)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_peek),
	    TEST(test_peek_is_for_its_sender),
	    TEST(test_peek_at_no_entry),
	    TEST(test_peek_beside_the_queue),
	    TEST(test_peek_at_large_ones),
	    TEST(test_peek_at_a_torn_record),
	    TEST(test_peek_leaves_the_time_of_access),
	    TEST(test_peek_that_cannot_look),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
