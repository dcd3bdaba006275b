/* SPDX-License-Identifier: ISC */
/* Files that are no entries, and what others may see of those that are. */
#include "unit.h"

#include "base/io.h"
#include "queue/store.h"
#include "scratch_queue.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OTHER "64C8F1A2B3C4DAB12CD"

static struct error err;

/* Opens what must open. */
static void
open_entry(const char *id, struct entry_file *f)
{
	if (store_entry_open(&scratch, id, f, &err) != OPEN_DONE)
		fail_msg("%s: %s", id, err.text);
}

static enum open_result
try_open(const char *id)
{
	struct entry_file f;
	enum open_result result = store_entry_open(&scratch, id, &f, &err);

	if (result == OPEN_DONE)
		store_entry_close(&f);
	assert_int_equal(f.fd, -1);
	return result;
}

static void
append(struct entry_file *f, enum event event, size_t rcpt, const char *text)
{
	struct record r;

	record_set(&r, event, rcpt, "work", text);
	assert_int_equal(store_entry_append(f, &r, &err), 0);
}

/* Replaces what stands in the queue under id. */
static void
put(const char *id, const void *bytes, size_t len)
{
	int fd;

	unlinkat(scratch.queue, id, 0);
	fd = openat(scratch.queue, id, O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_true(fd >= 0);
	assert_int_equal(io_write(fd, bytes, len), 0);
	close(fd);
}

/* Ways to spoil the whole entry id, whose file has these bytes. */

static void
garbage(const char *id, struct span whole)
{
	(void)whole;
	put(id, "garbage\n\n", 9);
}

static void
empty(const char *id, struct span whole)
{
	(void)whole;
	put(id, "", 0);
}

static void
zeros(const char *id, struct span whole)
{
	char *nul = must_calloc(whole.len, 1);

	put(id, nul, whole.len);
	free(nul);
}

static void
unstamped(const char *id, struct span whole)
{
	(void)whole;
	put(id, SCRATCH_WHOLE, strlen(SCRATCH_WHOLE));
}

static void
symbolic_link(const char *id, struct span whole)
{
	(void)whole;
	renameat(scratch.queue, id, scratch.tmp, id);
	assert_int_equal(symlinkat("../tmp/" OTHER, scratch.queue, id), 0);
}

static void
hard_link(const char *id, struct span whole)
{
	(void)whole;
	linkat(scratch.queue, id, scratch.root, "second", 0);
}

static void
folder(const char *id, struct span whole)
{
	(void)whole;
	unlinkat(scratch.queue, id, 0);
	mkdirat(scratch.queue, id, 0700);
}

static void
fifo(const char *id, struct span whole)
{
	(void)whole;
	unlinkat(scratch.queue, id, 0);
	mkfifoat(scratch.queue, id, 0600);
}

static void
another_id(const char *id, struct span whole)
{
	char *copy = must_spandup(whole);

	memcpy(strstr(copy, id), OTHER, strlen(OTHER));
	put(id, copy, whole.len);
	free(copy);
}

static const struct {
	const char *name;
	void (*spoil)(const char *id, struct span whole);
} spoilers[] = {
    {"garbage", garbage},
    {"empty", empty},
    {"zeros", zeros},
    {"without stamps", unstamped},
    {"symbolic link", symbolic_link},
    {"hard link", hard_link},
    {"folder", folder},
    {"fifo", fifo},
    {"another id inside", another_id},
};

static void
test_corrupt_is_moved_aside(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(spoilers); i++) {
		char id[ENTRY_ID_SIZE];
		enum open_result result;
		struct buf whole;
		struct stat st;

		buf_init(&whole, 1 * MIB);
		scratch_accept(id);
		scratch_read(id, &whole, &st);
		spoilers[i].spoil(id, buf_span(&whole));
		buf_release(&whole);
		err = (struct error){0};
		result = try_open(id);
		if (result != OPEN_CORRUPT || scratch_has(scratch.queue, id) ||
		    !scratch_has(scratch.corrupt, id))
			fail_msg(
			    "%s: result %d", spoilers[i].name, (int)result);
		if (strstr(err.text, id) == NULL)
			fail_msg("%s: \"%s\"", spoilers[i].name, err.text);
		assert_int_equal(try_open(id), OPEN_GONE);
	}
}

/* A file that ends anywhere: without its whole message it is corrupt, behind
 * that only the torn record is lost, and the next one is written over it. */
static void
test_cut_at_every_byte(void **state)
{
	char id[ENTRY_ID_SIZE];
	size_t message_end;
	struct entry_file f;
	struct buf whole;
	struct stat st;

	(void)state;
	buf_init(&whole, 1 * MIB);
	scratch_accept(id);
	open_entry(id, &f);
	message_end = (size_t)f.records_end;
	append(&f, EVENT_DEFERRED, 0, "450 later");
	store_entry_close(&f);
	scratch_read(id, &whole, &st);
	for (size_t n = 0; n < whole.len; n++) {
		put(id, whole.at, n);
		if (n < message_end) {
			if (try_open(id) != OPEN_CORRUPT)
				fail_msg("cut at %zu of %zu", n, message_end);
			continue;
		}
		open_entry(id, &f);
		assert_int_equal(f.records_end, message_end);
		assert_null(f.entry.status[0].text);
		append(&f, EVENT_HELD, RCPT_NONE, "kept");
		store_entry_close(&f);
		open_entry(id, &f);
		assert_true(f.entry.held);
		assert_int_equal(fstat(f.fd, &st), 0);
		assert_int_equal(f.records_end, st.st_size);
		store_entry_close(&f);
	}
	buf_release(&whole);
}

static struct buf head, records;

/* Peeks as reader; head and records are what was found. */
static bool
peek(const char *id, uid_t reader, time_t *next, bool *busy)
{
	buf_clear(&head);
	buf_clear(&records);
	return store_peek(&scratch, id, reader, &head, &records, next, busy);
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
		struct buf whole;
		struct stat st;

		buf_init(&whole, 1 * MIB);
		scratch_accept(id);
		scratch_read(id, &whole, &st);
		spoilers[i].spoil(id, buf_span(&whole));
		buf_release(&whole);
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

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, make_buffers, remove_buffers)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_corrupt_is_moved_aside),
	    TEST(test_cut_at_every_byte),
	    TEST(test_peek),
	    TEST(test_peek_is_for_its_sender),
	    TEST(test_peek_at_no_entry),
	    TEST(test_peek_beside_the_queue),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
