/* SPDX-License-Identifier: ISC */
/* Landlock, through its system calls: the C library has none for it. */
#include "base/confine.h"

#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The same on all architectures; older headers lack them or some of them. */
#ifndef __NR_landlock_create_ruleset
#define __NR_landlock_create_ruleset 444
#define __NR_landlock_add_rule 445
#define __NR_landlock_restrict_self 446
#endif

#define CREATE_RULESET_VERSION 1U
#define RULE_PATH_BENEATH 1
#define RULE_NET_PORT 2

enum {
	EXECUTE = 1 << 0,
	WRITE_FILE = 1 << 1,
	READ_FILE = 1 << 2,
	READ_DIR = 1 << 3,
	REMOVE_DIR = 1 << 4,
	REMOVE_FILE = 1 << 5,
	MAKE_DIR = 1 << 7,
	MAKE_REG = 1 << 8,
	ALL_OF_1 = (1 << 13) - 1,
	REFER = 1 << 13,     /* version 2 */
	TRUNCATE = 1 << 14,  /* 3 */
	IOCTL_DEV = 1 << 15, /* 5 */

	BIND_TCP = 1 << 0, /* 4 */

	READ = READ_FILE | READ_DIR,
	WRITE = READ | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR |
		MAKE_REG | REFER | TRUNCATE,
	OF_A_FILE = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV,
};

/* linux/landlock.h; an older kernel knows a shorter one. */
struct ruleset {
	uint64_t files;
	uint64_t net;
};

struct beneath {
	uint64_t allowed;
	int32_t parent;
} __attribute__((packed));

struct net_port {
	uint64_t allowed;
	uint64_t port;
};

static int
create(long version)
{
	struct ruleset r = {.files = ALL_OF_1 | REFER};
	size_t size = offsetof(struct ruleset, net);

	if (version >= 3)
		r.files |= TRUNCATE;
	if (version >= 5)
		r.files |= IOCTL_DEV;
	if (version >= 4) {
		r.net = BIND_TCP;
		size = sizeof r;
	}
	return (int)syscall(__NR_landlock_create_ruleset, &r, size, 0);
}

static bool
allow(int rules, const char *path, uint64_t what)
{
	struct beneath b = {.allowed = what};
	struct stat st;
	bool ok = false;

	b.parent = open(path, O_PATH | O_CLOEXEC);
	if (b.parent < 0)
		return errno == ENOENT || errno == EACCES || errno == ENOTDIR;
	if (fstat(b.parent, &st) == 0) {
		if (!S_ISDIR(st.st_mode))
			b.allowed &= OF_A_FILE;
		ok = syscall(__NR_landlock_add_rule, rules, RULE_PATH_BENEATH,
			 &b, 0) == 0;
	}
	close(b.parent);
	return ok;
}

static bool
allow_all(int rules, const char *const paths[], uint64_t what)
{
	for (size_t i = 0; paths[i] != NULL; i++)
		if (!allow(rules, paths[i], what))
			return false;
	return true;
}

/* An address to send from is taken with a port of the kernel's choice. */
static bool
allow_any_port(int rules, long version)
{
	struct net_port any = {.allowed = BIND_TCP};

	return version < 4 || syscall(__NR_landlock_add_rule, rules,
				  RULE_NET_PORT, &any, 0) == 0;
}

bool
confine(const char *const readable[], const char *const writable[], bool binds)
{
	long version = syscall(
	    __NR_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);
	uint64_t write = version >= 3 ? WRITE : WRITE & ~(uint64_t)TRUNCATE;
	int rules;
	bool ok;

	/* The first version forbids to rename from one folder to another. */
	if (version < 2)
		return false;
	rules = create(version);
	if (rules < 0)
		return false;
	ok = allow_all(rules, readable, READ) &&
	     allow_all(rules, writable, write) &&
	     (!binds || allow_any_port(rules, version)) &&
	     prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	     syscall(__NR_landlock_restrict_self, rules, 0) == 0;
	io_close(&rules);
	return ok;
}
