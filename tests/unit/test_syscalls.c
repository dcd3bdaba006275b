/* SPDX-License-Identifier: ISC */
/* What works no more without the system calls given up, and what still does. */
#include "unit.h"

#include "base/syscalls.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CALL(...) (syscall(__VA_ARGS__) < 0 ? errno : 0)

#define EXPECT(number, what, answer)    \
	do {                            \
		if ((what) != (answer)) \
			_exit(number);  \
	} while (0)

/* The status is the number of what went wrong. */
static int
in_child(void (*f)(void))
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		if (!syscalls_give_up())
			_exit(99);
		f();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int
can_socket(int family)
{
	int fd = socket(family, SOCK_DGRAM, 0);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

/* For root, these do nothing without the filter, or fail otherwise. */
static void
be_refused(void)
{
	char name[64];

	execl("/bin/true", "true", (char *)NULL);
	EXPECT(1, errno, EPERM);
	EXPECT(2, CALL(SYS_execveat, -1, "/bin/true", NULL, NULL, 0), EPERM);
	EXPECT(3, CALL(SYS_ptrace, 0, 0, 0, 0), EPERM);
	EXPECT(4, CALL(SYS_process_vm_readv, getpid(), NULL, 0, NULL, 0, 0),
	    EPERM);
	EXPECT(5, CALL(SYS_setresuid, -1, -1, -1), EPERM);
	EXPECT(6, CALL(SYS_setresgid, -1, -1, -1), EPERM);
	EXPECT(7, CALL(SYS_setgroups, -1, NULL), EPERM);
	EXPECT(8, CALL(SYS_mount, NULL, NULL, NULL, 0, NULL), EPERM);
	EXPECT(9, CALL(SYS_chroot, NULL), EPERM);
	EXPECT(10, CALL(SYS_unshare, 0), EPERM);
	EXPECT(11, CALL(SYS_setns, -1, 0), EPERM);
	EXPECT(12, CALL(SYS_bpf, -1, NULL, 0), EPERM);
	EXPECT(13, CALL(SYS_io_uring_setup, 0, NULL), EPERM);
	EXPECT(14, CALL(SYS_keyctl, -1), EPERM);
	EXPECT(15, CALL(SYS_perf_event_open, NULL, 0, 0, -1, 0), EPERM);
	EXPECT(16, CALL(SYS_personality, 0xffffffff), EPERM);
	EXPECT(17, CALL(SYS_finit_module, -1, NULL, 0), EPERM);
	EXPECT(18, CALL(SYS_clock_settime, -1, NULL), EPERM);
	EXPECT(19, CALL(SYS_sethostname, NULL, -1), EPERM);
	EXPECT(20, CALL(SYS_userfaultfd, -1), EPERM);
	EXPECT(21, gethostname(name, sizeof name), 0);
}

static void
make_no_namespace(void)
{
	/* No stack is needed for what is not made. */
	EXPECT(1, CALL(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0), EPERM);
	EXPECT(2,
	    CALL(SYS_clone, CLONE_NEWNET | CLONE_NEWNS | SIGCHLD, 0, 0, 0, 0),
	    EPERM);
	EXPECT(3, CALL(SYS_clone3, NULL, 0), ENOSYS);
}

static void
open_sockets(void)
{
	EXPECT(1, can_socket(AF_UNIX), 0);
	EXPECT(2, can_socket(AF_INET), 0);
	/* Where there is no IPv6 it is the kernel that says so. */
	EXPECT(3, can_socket(AF_INET6) == EPERM, false);
	EXPECT(4, can_socket(AF_NETLINK), 0);
#ifndef __NR_socketcall
	EXPECT(5, can_socket(AF_PACKET), EAFNOSUPPORT);
	EXPECT(6, can_socket(AF_ALG), EAFNOSUPPORT);
	EXPECT(7, can_socket(AF_VSOCK), EAFNOSUPPORT);
	EXPECT(8, can_socket(AF_UNSPEC), EAFNOSUPPORT);
#endif
#ifdef __x86_64__
	/* What a register has above an int is left over from something. */
	EXPECT(9, CALL(SYS_socket, 0x500000000 | AF_PACKET, SOCK_DGRAM, 0),
	    EAFNOSUPPORT);
	EXPECT(10, CALL(SYS_socket, 0x500000000 | AF_INET, SOCK_DGRAM, 0), 0);
#endif
}

static void *
look_up(void *found)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *list = NULL;

	*(bool *)found = getaddrinfo("localhost", "25", &hints, &list) == 0;
	if (list != NULL)
		freeaddrinfo(list);
	return NULL;
}

/* As libcurl does, in a thread of its own; and a fork still is one. */
static void
look_up_a_name(void)
{
	bool found = false;
	pthread_t thread;
	int status = -1;
	pid_t pid;

	EXPECT(1, pthread_create(&thread, NULL, look_up, &found), 0);
	EXPECT(2, pthread_join(thread, NULL), 0);
	EXPECT(3, found, true);
	pid = fork();
	if (pid == 0) {
		EXPECT(4, CALL(SYS_ptrace, 0, 0, 0, 0), EPERM);
		_exit(0);
	}
	EXPECT(5, waitpid(pid, &status, 0), pid);
	EXPECT(6, status, 0);
}

#ifdef __x86_64__
/* A kernel may have been built without i386. */
static void
is_gone(int signal)
{
	(void)signal;
	_exit(0);
}

/* getpid(2) by the numbers and the way of x32, and by those of i386. */
static void
call_as_another(void)
{
	long answer = 20;

	EXPECT(1, CALL(0x40000000 | SYS_getpid), EPERM);
	signal(SIGSEGV, is_gone);
	__asm__ volatile("int $0x80"
			 : "+a"(answer)
			 :
			 : "r8", "r9", "r10", "r11", "memory");
	EXPECT(2, (int)answer, -EPERM);
}
#endif

#define CASE(f)                                   \
	static void test_##f(void **state)        \
	{                                         \
		(void)state;                      \
		assert_int_equal(in_child(f), 0); \
	}

CASE(be_refused)
CASE(make_no_namespace)
CASE(open_sockets)
CASE(look_up_a_name)
#ifdef __x86_64__
CASE(call_as_another)
#endif

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_be_refused),
	    cmocka_unit_test(test_make_no_namespace),
	    cmocka_unit_test(test_open_sockets),
	    cmocka_unit_test(test_look_up_a_name),
#ifdef __x86_64__
	    cmocka_unit_test(test_call_as_another),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
