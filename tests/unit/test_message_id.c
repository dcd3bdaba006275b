/* SPDX-License-Identifier: ISC */
/* The Message-ID, wherever it stands, and when there is none. */
#include "unit.h"

#include "base/buf.h"
#include "base/limits.h"
#include "message/message_id.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const struct {
	const char *head, *id;
} cases[] = {
    {"Message-ID: <a@b>\r\n", "a@b"},
    {"Subject: x\r\nmessage-id:<a@b>\r\nTo: c\r\n", "a@b"},
    {"Message-ID:\r\n <a@b>\r\n", "a@b"},
    {"Message-ID: <a\r\n\t@b>\r\n", "a\t@b"},
    {"Message-ID: a@b \r\n", "a@b"},
    {"Message-ID: <a@b\r\n", "a@b"},
    {"Message-ID: <a@b> (c) <d@e>\r\n", "a@b"},
    {"Message-ID: <>\r\n", ""},
    {"Message-ID:\r\n", ""},
    {"Subject: Message-ID: <a@b>\r\n", ""},
    {"X: y\r\n Message-ID: <a@b>\r\n", ""},
    {"", ""},
};

static void
test_find(void **state)
{
	char id[MESSAGE_ID_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		message_id_find(span_of(cases[i].head), id);
		assert_string_equal(id, cases[i].id);
	}
}

/* padding octets of another field before it, in a file that begins elsewhere;
 * what is in the body counts for nothing. */
static void
check_read(size_t padding, bool there, const char *want)
{
	int fd = memfd_create("message", MFD_CLOEXEC);
	char id[MESSAGE_ID_SIZE];
	struct buf text;

	assert_true(fd >= 0);
	buf_init(&text, 1 * MIB);
	buf_add_text(&text, "Message-ID: <head@entry>\r\n");
	for (size_t n = 0; n < padding; n += 10)
		buf_add_text(&text, "X: 12345\r\n");
	if (there)
		buf_add_text(&text, "Message-ID: <a@b>\r\n");
	buf_add_text(&text, "To: c\r\n\r\nMessage-ID: <body@b>\r\n");
	assert_int_equal(write(fd, text.at, text.len), (ssize_t)text.len);
	message_id_read(fd, 26, id);
	assert_string_equal(id, want);
	assert_int_equal(lseek(fd, 0, SEEK_CUR), (off_t)text.len);
	buf_release(&text);
	close(fd);
}

static void
test_read(void **state)
{
	char id[MESSAGE_ID_SIZE] = "x";

	(void)state;
	check_read(0, true, "a@b");
	check_read(0, false, "");
	check_read(4060, true, "a@b");
	check_read(4090, true, "a@b");
	check_read(60000, true, "a@b");
	check_read(70000, true, "");
	message_id_read(-1, 0, id);
	assert_string_equal(id, "");
}

static void
test_cut(void **state)
{
	char head[1000] = "Message-ID: <", id[MESSAGE_ID_SIZE];

	(void)state;
	memset(head + 13, 'a', 600);
	memcpy(head + 613, ">\r\n", 4);
	message_id_find(span_of(head), id);
	assert_int_equal(strlen(id), MESSAGE_ID_SIZE - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_find),
	    cmocka_unit_test(test_read),
	    cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
