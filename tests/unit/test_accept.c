/* SPDX-License-Identifier: ISC */
/* Acceptance: wholly in the queue, or nothing at all is left. */
#include "unit.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/io.h"
#include "queue/store.h"
#include "scratch_queue.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define HEAD SCRATCH_HEAD
#define MESSAGE SCRATCH_MESSAGE
#define WHOLE SCRATCH_WHOLE

static void
test_happy_path(void **state)
{
	time_t before = clock_now(), written;
	char id[ENTRY_ID_SIZE], when[CLOCK_TEXT_SIZE], want[512];
	struct buf got;
	struct stat st;

	(void)state;
	umask(0);
	buf_init(&got, 1 * MIB);
	assert_int_equal(scratch_offer(span_of(WHOLE), id), ERR_NONE);
	assert_true(id_is_valid(span_of(id)));
	assert_int_equal(scratch_count(), 1);
	scratch_read(id, &got, &st);
	assert_int_equal(st.st_mode, S_IFREG | 0600);
	assert_int_equal(st.st_nlink, 1);
	assert_in_range(st.st_mtime, before, clock_now());
	for (written = before; written <= clock_now(); written++) {
		clock_utc(written, when);
		snprintf(want, sizeof want,
		    "pillarbox 1\nid %s\ntime %s\nuid %d\n%ssize 20\n\n%s", id,
		    when, SCRATCH_UID, strchr(HEAD, '\n') + 1, MESSAGE);
		if (strcmp(buf_text(&got), want) == 0)
			break;
	}
	assert_string_equal(buf_text(&got), want);
	buf_release(&got);
}

static void
test_all_of_the_envelope(void **state)
{
	static const char head[] = "relay work\nfrom <>\nbody 8BITMIME\n"
				   "smtputf8 yes\nret FULL\nenvid x\n"
				   "to <a@b>\tNOTIFY=NEVER\tORCPT=x;y\n"
				   "to <root>\nsize 4\n\n\xc3\xb6\r\n";
	char id[ENTRY_ID_SIZE], input[512];
	struct buf got;
	struct stat st;

	(void)state;
	buf_init(&got, 1 * MIB);
	snprintf(input, sizeof input, "pillarbox 1\n%s", head);
	assert_int_equal(scratch_offer(span_of(input), id), ERR_NONE);
	scratch_read(id, &got, &st);
	assert_string_equal(strstr(buf_text(&got), "relay work"), head);
	buf_release(&got);
}

static void
test_refused(void **state)
{
	static const struct {
		const char *name;
		const char *input;
	} cases[] = {
	    {"nothing", ""},
	    {"half a head", HEAD},
	    {"no empty line", HEAD "size 20\n"},
	    {"no message", HEAD "size 20\n\n"},
	    {"one short", HEAD "size 21\n\n" MESSAGE},
	    {"one long", HEAD "size 19\n\n" MESSAGE},
	    {"a record behind", WHOLE "2026-11-21T19:25:01Z held - - \t0\n"},
	    {"bare LF", HEAD "size 3\n\na\n\r\n"},
	    {"all bare LF", HEAD "size 2\n\na\n"},
	    {"bare CR", HEAD "size 4\n\na\rb\r\n"},
	    {"CR at the end", HEAD "size 2\n\na\r"},
	    {"CR CR LF", HEAD "size 4\n\na\r\r\n"},
	    {"no line end", HEAD "size 3\n\n\r\na"},
	    {"smuggled", HEAD "size 11\n\na\n.\r\nRSET\r\n"},
	    {"unknown line", HEAD "x\nsize 20\n\n" MESSAGE},
	    {"another format", "pillarbox 2\nfrom <>\nto <a@b>\nsize 20\n\n"},
	    {"no recipient", "pillarbox 1\nfrom <>\nsize 20\n\n" MESSAGE},
	    {"size 0", HEAD "size 0\n\n"},
	    {"a mail", MESSAGE},
	    {"an id", HEAD "id 64C8F1A2B3C4DAB12CD\nsize 20\n\n" MESSAGE},
	    {"a uid", HEAD "uid 0\nsize 20\n\n" MESSAGE},
	    {"a time", HEAD "time 2026-11-21T19:25:01Z\nsize 20\n\n" MESSAGE},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char id[ENTRY_ID_SIZE];
		enum error_kind kind =
		    scratch_offer(span_of(cases[i].input), id);

		if (kind != ERR_DATA || id[0] != '\0' || scratch_count() != 0)
			fail_msg("%s: kind %d, %zu files", cases[i].name,
			    (int)kind, scratch_count());
	}
}

static void
test_nul_is_refused(void **state)
{
	static const char input[] = HEAD "size 4\n\na\0\r\n";
	char id[ENTRY_ID_SIZE];

	(void)state;
	assert_int_equal(
	    scratch_offer(span(input, sizeof input - 1), id), ERR_DATA);
	assert_int_equal(scratch_count(), 0);
}

/* Anything that breaks off leaves nothing. */
static void
test_cut_at_every_byte(void **state)
{
	char id[ENTRY_ID_SIZE];

	(void)state;
	for (size_t n = 0; n < strlen(WHOLE); n++)
		if (scratch_offer(span(WHOLE, n), id) != ERR_DATA ||
		    scratch_count() != 0)
			fail_msg("cut at %zu", n);
}

static void
test_endless_head(void **state)
{
	char id[ENTRY_ID_SIZE];
	struct buf input;

	(void)state;
	buf_init(&input, 4 * ENTRY_HEAD_MAX);
	buf_add_text(&input, HEAD);
	while (input.len <= ENTRY_HEAD_MAX + 2 * IO_BLOCK)
		buf_add_text(&input, "to <b@example.net>\n");
	buf_add_text(&input, "size 20\n\n" MESSAGE);
	assert_int_equal(scratch_offer(buf_span(&input), id), ERR_DATA);
	assert_int_equal(scratch_count(), 0);
	buf_release(&input);
}

/* What is longer than it says is not read, or even written, to its end. */
static void
test_endless_message(void **state)
{
	struct accepted took;
	struct error err;
	struct buf input;
	int fd;

	(void)state;
	buf_init(&input, 4 * MIB);
	buf_add_text(&input, WHOLE);
	while (input.len < 2 * MIB)
		buf_add_text(&input, MESSAGE);
	fd = scratch_file(buf_span(&input));
	assert_int_equal(
	    store_accept(&scratch, fd, SCRATCH_UID, &took, &err), -1);
	assert_int_equal(err.kind, ERR_DATA);
	assert_true(lseek(fd, 0, SEEK_CUR) < 4 * IO_BLOCK);
	assert_int_equal(scratch_count(), 0);
	close(fd);
	buf_release(&input);
}

/* Writes input to a pipe, piece by piece, from another process. */
static int
start_writer(struct span input, size_t piece, pid_t *pid)
{
	int fd[2];

	assert_int_equal(pipe(fd), 0);
	*pid = fork();
	if (*pid == 0) {
		close(fd[0]);
		while (input.len > 0) {
			size_t n = piece < input.len ? piece : input.len;

			if (io_write(fd[1], input.at, n) != 0)
				_exit(1);
			input = span_from(input, n);
		}
		_exit(0);
	}
	assert_true(*pid > 0);
	close(fd[1]);
	return fd[0];
}

static void
test_in_pieces(void **state)
{
	static const size_t pieces[] = {1, 7, IO_BLOCK - 1, IO_BLOCK, 1 * MIB};
	struct buf input, got;
	size_t body;

	(void)state;
	buf_init(&input, 1 * MIB);
	buf_init(&got, 1 * MIB);
	/* Line ends on all sides of the edges of blocks. */
	for (int i = 0; input.len < 3 * IO_BLOCK; i++)
		buf_printf(&input, "%d%*s\r\n", i, i % 71, "");
	body = input.len;
	buf_clear(&input);
	buf_printf(&input, HEAD "size %zu\n\n", body);
	body = input.len;
	for (int i = 0; input.len - body < 3 * IO_BLOCK; i++)
		buf_printf(&input, "%d%*s\r\n", i, i % 71, "");
	for (size_t i = 0; i < COUNT(pieces); i++) {
		struct accepted took;
		struct error err;
		struct stat st;
		pid_t pid;
		int fd = start_writer(buf_span(&input), pieces[i], &pid), rc;

		rc = store_accept(&scratch, fd, SCRATCH_UID, &took, &err);
		close(fd);
		waitpid(pid, NULL, 0);
		if (rc != 0)
			fail_msg("pieces of %zu: %s", pieces[i], err.text);
		buf_clear(&got);
		scratch_read(took.id, &got, &st);
		assert_true(got.len > input.len - body);
		assert_memory_equal(got.at + got.len - (input.len - body),
		    input.at + body, input.len - body);
	}
	buf_release(&got);
	buf_release(&input);
}

static void
test_ids_differ_and_sort(void **state)
{
	char last[ENTRY_ID_SIZE] = "", id[ENTRY_ID_SIZE];

	(void)state;
	for (size_t i = 1; i <= 20; i++) {
		assert_int_equal(scratch_offer(span_of(WHOLE), id), ERR_NONE);
		assert_true(strcmp(id, last) > 0);
		memcpy(last, id, sizeof last);
		assert_int_equal(scratch_count(), i);
	}
}

static void
test_unreadable_input(void **state)
{
	struct accepted took;
	struct error err;
	int fd = open(scratch_path, O_RDONLY | O_DIRECTORY);

	(void)state;
	assert_int_equal(
	    store_accept(&scratch, fd, SCRATCH_UID, &took, &err), -1);
	assert_int_equal(err.kind, ERR_IO);
	assert_int_equal(
	    store_accept(&scratch, -1, SCRATCH_UID, &took, &err), -1);
	assert_int_equal(err.kind, ERR_IO);
	assert_int_equal(scratch_count(), 0);
	close(fd);
}

/* No room for the file, cut at every byte. */
static void
test_no_room(void **state)
{
	struct rlimit was, limit;
	struct accepted took;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &was);
	for (rlim_t n = 0; n < strlen(WHOLE); n++) {
		int fd = scratch_file(span_of(WHOLE)), rc;
		struct error err = {0};

		limit = (struct rlimit){n, was.rlim_max};
		setrlimit(RLIMIT_FSIZE, &limit);
		rc = store_accept(&scratch, fd, SCRATCH_UID, &took, &err);
		setrlimit(RLIMIT_FSIZE, &was);
		close(fd);
		if (rc != -1 || err.kind != ERR_TEMPORARY ||
		    scratch_count() != 0)
			fail_msg("room for %d octets: %d, kind %d", (int)n, rc,
			    (int)err.kind);
	}
}

/* A folder that went away under an open store. */
static void
test_folders_gone(void **state)
{
	char id[ENTRY_ID_SIZE];

	(void)state;
	assert_int_equal(unlinkat(scratch.root, "queue", AT_REMOVEDIR), 0);
	assert_int_equal(scratch_offer(span_of(WHOLE), id), ERR_TEMPORARY);
	assert_int_equal(scratch_count(), 0);
	assert_int_equal(unlinkat(scratch.root, "tmp", AT_REMOVEDIR), 0);
	assert_int_equal(scratch_offer(span_of(WHOLE), id), ERR_TEMPORARY);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, scratch_make, scratch_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_happy_path),
	    TEST(test_all_of_the_envelope),
	    TEST(test_refused),
	    TEST(test_nul_is_refused),
	    TEST(test_cut_at_every_byte),
	    TEST(test_endless_head),
	    TEST(test_endless_message),
	    TEST(test_in_pieces),
	    TEST(test_ids_differ_and_sort),
	    TEST(test_unreadable_input),
	    TEST(test_no_room),
	    TEST(test_folders_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
