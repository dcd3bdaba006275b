/* SPDX-License-Identifier: ISC */
/* seccomp, through libseccomp, which knows each architecture's numbers. */
#include "base/syscalls.h"

#ifdef HAVE_SECCOMP

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* Where clone(2) has its flags. */
#ifdef __s390__
#define CLONE_FLAGS 1
#else
#define CLONE_FLAGS 0
#endif

/* More than there are; the kernel refuses those that it does not know. */
#define FAMILIES 64

/* Those that an architecture does not have are negative there. */
static const int refused[] = {
    /* Other programs, other processes. */
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(kcmp),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(ptrace),
    /* Other ids. */
    SCMP_SYS(setfsgid),
    SCMP_SYS(setfsgid32),
    SCMP_SYS(setfsuid),
    SCMP_SYS(setfsuid32),
    SCMP_SYS(setgid),
    SCMP_SYS(setgid32),
    SCMP_SYS(setgroups),
    SCMP_SYS(setgroups32),
    SCMP_SYS(setregid),
    SCMP_SYS(setregid32),
    SCMP_SYS(setresgid),
    SCMP_SYS(setresgid32),
    SCMP_SYS(setresuid),
    SCMP_SYS(setresuid32),
    SCMP_SYS(setreuid),
    SCMP_SYS(setreuid32),
    SCMP_SYS(setuid),
    SCMP_SYS(setuid32),
    /* Another view of the system. */
    SCMP_SYS(chroot),
    SCMP_SYS(fsconfig),
    SCMP_SYS(fsmount),
    SCMP_SYS(fsopen),
    SCMP_SYS(fspick),
    SCMP_SYS(mount),
    SCMP_SYS(mount_setattr),
    SCMP_SYS(move_mount),
    SCMP_SYS(open_tree),
    SCMP_SYS(personality),
    SCMP_SYS(pivot_root),
    SCMP_SYS(setns),
    SCMP_SYS(umount),
    SCMP_SYS(umount2),
    SCMP_SYS(unshare),
    /* Parts of the kernel where faults are found. */
    SCMP_SYS(add_key),
    SCMP_SYS(bpf),
    SCMP_SYS(io_uring_enter),
    SCMP_SYS(io_uring_register),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(keyctl),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(request_key),
    SCMP_SYS(userfaultfd),
    /* The whole machine. */
    SCMP_SYS(acct),
    SCMP_SYS(adjtimex),
    SCMP_SYS(clock_adjtime),
    SCMP_SYS(clock_adjtime64),
    SCMP_SYS(clock_settime),
    SCMP_SYS(clock_settime64),
    SCMP_SYS(delete_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(init_module),
    SCMP_SYS(ioperm),
    SCMP_SYS(iopl),
    SCMP_SYS(kexec_file_load),
    SCMP_SYS(kexec_load),
    SCMP_SYS(quotactl),
    SCMP_SYS(reboot),
    SCMP_SYS(setdomainname),
    SCMP_SYS(sethostname),
    SCMP_SYS(settimeofday),
    SCMP_SYS(stime),
    SCMP_SYS(swapoff),
    SCMP_SYS(swapon),
};

static bool
refuse_calls(scmp_filter_ctx filter)
{
	for (size_t i = 0; i < COUNT(refused); i++)
		if (refused[i] >= 0 &&
		    seccomp_rule_add(
			filter, SCMP_ACT_ERRNO(EPERM), refused[i], 0) != 0)
			return false;
	return true;
}

/* A thread is made, but no namespace. */
static bool
refuse_namespaces(scmp_filter_ctx filter)
{
	static const uint64_t flags[] = {CLONE_NEWCGROUP, CLONE_NEWIPC,
	    CLONE_NEWNET, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWUSER,
	    CLONE_NEWUTS};

	for (size_t i = 0; i < COUNT(flags); i++)
		if (seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM),
			SCMP_SYS(clone), 1,
			SCMP_CMP64(CLONE_FLAGS, SCMP_CMP_MASKED_EQ, flags[i],
			    flags[i])) != 0)
			return false;
	/* Its flags are in memory, out of sight; as if the kernel were an old
	 * one, so that libc makes its threads by clone(2). */
	return seccomp_rule_add(
		   filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;
}

static bool
is_used(unsigned family)
{
	return family == AF_UNIX || family == AF_INET || family == AF_INET6 ||
	       family == AF_NETLINK;
}

static bool
refuse_families(scmp_filter_ctx filter)
{
	/* Where all socket calls are one, with the arguments in memory, a rule
	 * for some families would refuse them all. */
#ifndef __NR_socketcall
	for (unsigned f = 0; f < FAMILIES; f++)
		/* An int: the upper half of the register says nothing. */
		if (!is_used(f) &&
		    seccomp_rule_add(filter, SCMP_ACT_ERRNO(EAFNOSUPPORT),
			SCMP_SYS(socket), 1,
			SCMP_A0_64(SCMP_CMP_MASKED_EQ, UINT32_MAX, f)) != 0)
			return false;
#else
	(void)filter;
	(void)is_used;
#endif
	return true;
}

bool
syscalls_give_up(void)
{
	/* That is for the architecture that we are built for, ... */
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	bool ok;

	if (filter == NULL)
		return false;
	/* ... and what calls as another one does is not ours. */
	ok = seccomp_attr_set(
		 filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(EPERM)) == 0 &&
	     refuse_calls(filter) && refuse_namespaces(filter) &&
	     refuse_families(filter) && seccomp_load(filter) == 0;
	seccomp_release(filter);
	return ok;
}

#else

bool
syscalls_give_up(void)
{
	return false;
}

#endif
