/* SPDX-License-Identifier: ISC */
/* Entries in their files: opened, locked, appended to, settled. */
#include "unit.h"

#include "scratch_entry.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static void
test_open(void **state)
{
	char id[ENTRY_ID_SIZE], message[sizeof SCRATCH_MESSAGE] = "";
	struct entry_file f;
	struct stat st;

	(void)state;
	scratch_accept(id);
	open_entry(id, &f);
	assert_string_equal(f.id, id);
	assert_string_equal(f.entry.id, id);
	assert_int_equal(f.entry.uid, SCRATCH_UID);
	assert_string_equal(f.entry.envelope.sender, "a@example.com");
	assert_int_equal(f.entry.size, strlen(SCRATCH_MESSAGE));
	assert_int_equal(fstat(f.fd, &st), 0);
	assert_int_equal(f.next, st.st_mtime);
	assert_int_equal(f.records_end, st.st_size);
	assert_int_equal(f.records_end - f.message_at, f.entry.size);
	assert_int_equal(
	    io_pread(f.fd, message, sizeof message - 1, f.message_at),
	    f.entry.size);
	assert_string_equal(message, SCRATCH_MESSAGE);
	store_entry_close(&f);
	assert_int_equal(f.fd, -1);
	store_entry_close(&f);
}

static void
test_busy(void **state)
{
	char id[ENTRY_ID_SIZE];
	struct entry_file f;

	(void)state;
	scratch_accept(id);
	open_entry(id, &f);
	assert_int_equal(try_open(id), OPEN_BUSY);
	assert_int_equal(try_open(id), OPEN_BUSY);
	store_entry_close(&f);
	assert_int_equal(try_open(id), OPEN_DONE);
}

static void
test_gone(void **state)
{
	static const char *const ids[] = {OTHER, "", ".", "..", "../queue",
	    "/etc/passwd", "README", "64C8F1A2B3C4DAB12C",
	    "64C8F1A2B3C4DAB12CDE", "64c8f1a2b3c4dab12cd",
	    "../tmp/64C8F1A2B3C4D"};

	(void)state;
	put("README", "x", 1);
	for (size_t i = 0; i < COUNT(ids); i++)
		if (try_open(ids[i]) != OPEN_GONE)
			fail_msg("\"%s\" is there", ids[i]);
	assert_true(scratch_has(scratch.queue, "README"));
	assert_int_equal(scratch_count(), 1);
}

static void
test_append(void **state)
{
	char id[ENTRY_ID_SIZE];
	struct entry_file f;
	struct buf before, after;
	struct stat st;

	(void)state;
	buf_init(&before, 1 * MIB);
	buf_init(&after, 1 * MIB);
	scratch_accept(id);
	scratch_read(id, &before, &st);
	open_entry(id, &f);
	append(&f, EVENT_ATTEMPT, RCPT_NONE, "no route");
	append(&f, EVENT_DELIVERED, 0, "250 ok");
	assert_int_equal(f.entry.attempts, 1);
	assert_string_equal(f.entry.trouble, "no route");
	assert_int_equal(entry_count(&f.entry, RCPT_DELIVERED), 1);
	store_entry_close(&f);
	scratch_read(id, &after, &st);
	assert_memory_equal(after.at, before.at, before.len);
	open_entry(id, &f);
	assert_int_equal(f.entry.attempts, 1);
	assert_string_equal(f.entry.status[0].text, "250 ok");
	assert_int_equal(f.records_end, st.st_size);
	store_entry_close(&f);
	buf_release(&before);
	buf_release(&after);
}

/* On a full disk the record is not there, in the file as in the entry. */
static void
test_append_without_room(void **state)
{
	char id[ENTRY_ID_SIZE];
	struct rlimit was, limit;
	struct entry_file f;
	struct record r;

	(void)state;
	scratch_accept(id);
	open_entry(id, &f);
	record_set(&r, EVENT_DELIVERED, 0, "work", "250 ok");
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &was);
	limit = (struct rlimit){(rlim_t)f.records_end + 9, was.rlim_max};
	setrlimit(RLIMIT_FSIZE, &limit);
	assert_int_equal(store_entry_append(&f, &r, &err), -1);
	setrlimit(RLIMIT_FSIZE, &was);
	assert_int_equal(err.kind, ERR_IO);
	assert_int_equal(entry_count(&f.entry, RCPT_DELIVERED), 0);
	append(&f, EVENT_REFUSED, 0, "550 no");
	store_entry_close(&f);
	open_entry(id, &f);
	assert_int_equal(entry_count(&f.entry, RCPT_REFUSED), 1);
	store_entry_close(&f);
}

/*
 * Many recipients, put off many times: more records than are kept must cost
 * history, not the message.
 */
static void
test_append_without_end(void **state)
{
	char id[ENTRY_ID_SIZE], text[1000];
	struct entry_file f;
	struct record r;
	size_t n = 0;

	(void)state;
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	scratch_accept(id);
	open_entry(id, &f);
	append(&f, EVENT_DELIVERED, 0, "250 ok");
	/* Nearly full by a hole, which no reader takes for records. */
	f.records_end = f.message_at + f.entry.size + ENTRY_RECORDS_MAX - 3000;
	record_set(&r, EVENT_DEFERRED, 1, "work", text);
	while (store_entry_append(&f, &r, &err) == 0)
		n++;
	assert_int_equal(err.kind, ERR_IO);
	assert_in_range(n, 1, 3);
	store_entry_close(&f);
	open_entry(id, &f);
	assert_int_equal(entry_count(&f.entry, RCPT_DELIVERED), 1);
	store_entry_close(&f);
}

static void
test_defer(void **state)
{
	static const time_t times[] = {1, 1795289101, STORE_NEVER};
	char id[ENTRY_ID_SIZE];
	struct entry_file f;

	(void)state;
	scratch_accept(id);
	for (size_t i = 0; i < COUNT(times); i++) {
		open_entry(id, &f);
		append(&f, EVENT_ATTEMPT, RCPT_NONE, "");
		assert_int_equal(store_entry_defer(&f, times[i], &err), 0);
		assert_int_equal(f.next, times[i]);
		store_entry_close(&f);
		open_entry(id, &f);
		assert_int_equal(f.next, times[i]);
		store_entry_close(&f);
	}
}

static void
test_remove(void **state)
{
	char id[ENTRY_ID_SIZE];
	struct entry_file f;

	(void)state;
	scratch_accept(id);
	open_entry(id, &f);
	assert_int_equal(store_entry_remove(&scratch, &f, &err), 0);
	assert_int_equal(store_entry_remove(&scratch, &f, &err), 0);
	assert_int_equal(try_open(id), OPEN_GONE);
	store_entry_close(&f);
	assert_int_equal(scratch_count(), 0);
}

static void
test_aside(void **state)
{
	char id[ENTRY_ID_SIZE];

	(void)state;
	scratch_accept(id);
	assert_int_equal(store_entry_aside(&scratch, id, &err), 0);
	assert_true(scratch_has(scratch.corrupt, id));
	assert_int_equal(store_entry_aside(&scratch, id, &err), -1);
	assert_int_equal(err.kind, ERR_IO);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, scratch_make, scratch_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_open),
	    TEST(test_busy),
	    TEST(test_gone),
	    TEST(test_append),
	    TEST(test_append_without_room),
	    TEST(test_append_without_end),
	    TEST(test_defer),
	    TEST(test_remove),
	    TEST(test_aside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
