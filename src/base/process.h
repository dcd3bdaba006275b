/* SPDX-License-Identifier: ISC */
/*
 * Starting as a process that may be privileged and was called by anyone, and
 * starting others.
 */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * The first act of every program: descriptors 0 to 2 are open and no others
 * (a closed one becomes /dev/null, so that no file of ours is ever taken for
 * stderr), SIGPIPE and SIGXFSZ are ignored so that a reader that left and a
 * file too large are errors and not a death, all other signals are at their
 * defaults and unblocked, umask is 077.
 * Ends the process with EX_OSERR if it cannot.
 */
void process_start(void);

/*
 * For helpers, after process_start(): no core dump, so that no secret and no
 * mail of others lands on disk.
 */
void process_guard(void);

/*
 * Gives up for good what a setuid bit gave: real, effective and saved ids are
 * the caller's. Called before any path of the caller is opened.
 */
int process_become_caller(struct error *err);

/* A running child. */
struct child {
	pid_t pid;
	int to;   /* its stdin, for writing; -1 unless asked for */
	int from; /* its stdout, for reading; -1 unless asked for */
};

enum child_flags {
	CHILD_STDIN = 1,  /* to is a pipe */
	CHILD_STDOUT = 2, /* from is a pipe */
	CHILD_DETACHED =
	    4,            /* own session, stdio on /dev/null, not waited for */
	CHILD_SEARCH = 8, /* a name without "/" is looked for in PATH */
};

/*
 * Starts argv[0] without a shell. Streams not asked for
 * are inherited. ERR_TEMPORARY when the system has no room for it, ERR_CONFIG
 * when the program is not there.
 */
int child_start(struct child *c, const char *const argv[], unsigned flags,
    struct error *err);

/*
 * Closes the pipes, waits for the end. The exit status (0 to 255), or -1 when
 * a signal ended it.
 */
int child_wait(struct child *c);

/* The same; what has not ended by then (clock_monotonic_ms()) is killed. */
int child_wait_until(struct child *c, int64_t end_ms);

#endif
