/* SPDX-License-Identifier: ISC */
/* What a confined process can still do, and what it cannot. */
#include "scratch_folder.h"

#include "base/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static void
leave_file(const char *name)
{
	FILE *f = fopen(folder_path(name), "w");

	assert_non_null(f);
	fputs("text", f);
	fclose(f);
}

static int
make_places(void **state)
{
	if (folder_make(state) != 0 || mkdir(folder_path("read"), 0700) != 0 ||
	    mkdir(folder_path("write"), 0700) != 0 ||
	    mkdir(folder_path("write/one"), 0700) != 0 ||
	    mkdir(folder_path("write/two"), 0700) != 0 ||
	    mkdir(folder_path("other"), 0700) != 0)
		return -1;
	leave_file("read/file");
	leave_file("write/file");
	leave_file("other/file");
	return symlink(folder_path("other/file"), folder_path("write/link"));
}

static int
can_open(const char *name, int flags)
{
	int fd = open(folder_path(name), flags | O_CLOEXEC, 0600);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

static int
can_rename(const char *from, const char *to)
{
	return rename(folder_path(from), folder_path(to)) == 0 ? 0 : errno;
}

static int
can_listen(unsigned short port)
{
	const struct sockaddr_in any = {
	    .sin_family = AF_INET, .sin_port = htons(port)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(fd, (const struct sockaddr *)&any, sizeof any) != 0)
		return errno;
	return 0;
}

static int
can_run(void)
{
	execl("/bin/true", "true", (char *)NULL);
	return errno;
}

#define EXPECT(number, what, answer)    \
	do {                            \
		if ((what) != (answer)) \
			_exit(number);  \
	} while (0)

/* In a process of its own; its status is the number of what went wrong. */
static void
be_confined(void)
{
	int before = open(folder_path("other/file"), O_RDWR | O_CLOEXEC);
	const char *readable[] = {folder_path("read"), "/nowhere", NULL};
	const char *writable[] = {folder_path("write"), "/dev/null", NULL};
	long version =
	    syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, 1U);

	if (!confine(readable, writable, false))
		_exit(99);
	EXPECT(1, can_open("read/file", O_RDONLY), 0);
	EXPECT(2, can_open("read/file", O_WRONLY), EACCES);
	EXPECT(3, can_open("read/new", O_WRONLY | O_CREAT), EACCES);
	EXPECT(4, can_open("read", O_RDONLY | O_DIRECTORY), 0);
	EXPECT(5, can_open("write/file", O_RDWR), 0);
	EXPECT(6, can_open("write/new", O_RDWR | O_CREAT | O_EXCL), 0);
	EXPECT(7, can_rename("write/new", "write/one/new"), 0);
	EXPECT(8, can_rename("write/one/new", "write/two/new"), 0);
	EXPECT(9, unlink(folder_path("write/two/new")), 0);
	EXPECT(10, can_open("write", O_TMPFILE | O_RDWR), 0);
	EXPECT(11, can_open("write/file", O_WRONLY | O_TRUNC), 0);
	EXPECT(12, can_open("other/file", O_RDONLY), EACCES);
	EXPECT(13, can_open("other", O_RDONLY | O_DIRECTORY), EACCES);
	EXPECT(14, can_open("write/link", O_RDONLY), EACCES);
	EXPECT(15, unlink(folder_path("other/file")) == 0, false);
	EXPECT(16, can_rename("write/file", "other/file") == 0, false);
	EXPECT(17, mkfifo(folder_path("write/fifo"), 0600) == 0, false);
	EXPECT(18, open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0, false);
	EXPECT(19, open("/dev/null", O_WRONLY | O_CLOEXEC) >= 0, true);
	EXPECT(20, write(before, "x", 1), 1);
	if (version >= 4)
		EXPECT(21, can_listen(0), EACCES);
	EXPECT(22, can_run(), EACCES);
	_exit(0);
}

static void
be_confined_but_bind(void)
{
	const char *none[] = {NULL};
	long version =
	    syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, 1U);

	if (!confine(none, none, true))
		_exit(99);
	EXPECT(1, can_listen(0), 0);
	if (version >= 4)
		EXPECT(2, can_listen(47047), EACCES);
	EXPECT(3, can_run(), EACCES);
	_exit(0);
}

static void
check(void (*child)(void))
{
	long version =
	    syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, 1U);
	pid_t pid = fork();
	int status = 0;

	if (pid == 0)
		child();
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (version < 2) {
		assert_int_equal(WEXITSTATUS(status), 99);
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void
test_confined(void **state)
{
	(void)state;
	check(be_confined);
}

static void
test_bind(void **state)
{
	(void)state;
	check(be_confined_but_bind);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_confined),
	    cmocka_unit_test(test_bind),
	};

	return cmocka_run_group_tests(tests, make_places, folder_remove);
}
