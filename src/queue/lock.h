/* SPDX-License-Identifier: ISC */
/*
 * Locks of the kernel on open files: freed when their holder dies, never
 * stale. They belong to the open file, not to the process (F_OFD_SETLK), and
 * unlike flock(2) somebody else can ask for them without taking them.
 */
#ifndef QUEUE_LOCK_H
#define QUEUE_LOCK_H

#include <stdbool.h>

/* Takes the lock on fd (open for writing) if nobody has it; never waits. */
bool lock_try(int fd);

/* The same for one octet alone, which need not be there; errno says EAGAIN when
 * somebody has it. */
bool lock_try_octet(int fd, long octet);

/* Does somebody else have that octet? As lock_is_held(). */
bool lock_is_held_octet(int fd, long octet);

/* Does somebody else have it? fd may be open for reading only. */
bool lock_is_held(int fd);

#endif
