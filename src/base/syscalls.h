/* SPDX-License-Identifier: ISC */
/*
 * Giving up the system calls that a process has no use for, so that whoever
 * takes it over finds less of the kernel to try: seccomp, in a build
 * configured --with-seccomp.
 *
 * It names what is refused, and all else is allowed: what a C library, a
 * resolver or a TLS library calls changes from version to version, and must
 * never end in mail that is not delivered.
 */
#ifndef BASE_SYSCALLS_H
#define BASE_SYSCALLS_H

#include <stdbool.h>

/*
 * From now on this thread, and those and the children that it will have, start
 * no program, trace and change no other process, take on no other ids and no
 * namespace, and open sockets of AF_UNIX, AF_INET, AF_INET6 and AF_NETLINK
 * only; the kernel's keys, modules, mounts, clocks, io_uring, BPF and such are
 * out of reach, as are all calls made as another architecture does. Such a
 * call fails with EPERM, a socket with EAFNOSUPPORT. It gains no privileges
 * either.
 *
 * False, and nothing is refused, where build or kernel cannot do it: it is a
 * second line of defence, and never a reason not to work.
 */
bool syscalls_give_up(void);

#endif
