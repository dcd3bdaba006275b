/* SPDX-License-Identifier: ISC */
/* Files that are no entries, or no longer whole. */
#include "unit.h"

#include "scratch_spoil.h"

static void
test_corrupt_is_moved_aside(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(spoilers); i++) {
		char id[ENTRY_ID_SIZE];
		enum open_result result;

		accept_spoilt(i, id);
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

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, scratch_make, scratch_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_corrupt_is_moved_aside),
	    TEST(test_cut_at_every_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
