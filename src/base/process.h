/* SPDX-License-Identifier: ISC */
/*
 * Starting as a process that may be privileged and was called by anyone, and
 * starting others.
 */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include "base/error.h"
#include "base/session.h"

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
 * mail of others lands on disk. Ends the process with EX_OSERR if it cannot.
 */
void process_guard(void);

/*
 * User mode: gives up for good what a setuid bit gave. Real, effective and
 * saved ids are the caller's; and no other process of theirs can look into this
 * one. Called before any path of the caller is opened. ERR_PERMISSION.
 */
int process_become_caller(struct error *err);

/*
 * System mode: takes on wholly what the setuid and setgid bits of the program
 * gave (or, for root, name), so that the caller can neither signal nor trace
 * this process, and nothing of the caller's counts any more: the environment
 * is a PATH, timers are off, limits as high as they can be had, the working
 * folder is /; and if the caller is somebody else, the session is a new one
 * (session.h, also for how). For that it may fork; so nothing may be open yet
 * that is not for both. ERR_PERMISSION, ERR_TEMPORARY.
 */
int process_become_owner(enum leave how, struct error *err);

/*
 * Who called: noted by the two above, before which it is the real uid, or as
 * process_called_by() said: a socket knows its peer.
 */
uid_t process_caller(void);
void process_called_by(uid_t uid);

/*
 * The folder of the credentials that systemd has for this process
 * (systemd.exec(5)), or NULL. When the program has rights that its caller has
 * not, the caller's word for it does not count.
 */
const char *process_credentials(void);

/* Is it root who called, or the owner whose rights we have? Others may neither
 * hear of nor decide upon what is not theirs. */
bool process_is_trusted(void);

/*
 * After process_become_owner(), for work on what others sent: a caller who set
 * limits so low that it would fail or die half way must not do that to them.
 * ERR_TEMPORARY. What an owner does to itself is left alone.
 */
int process_check_limits(struct error *err);

/* A running child. */
struct child {
	pid_t pid;
	int to;     /* its stdin, for writing; -1 unless asked for */
	int from;   /* its stdout, or what it says, for reading; or -1 */
	int said;   /* its stderr, for reading; or -1 */
	bool group; /* it leads a process group */
	int signal; /* what ended it, once it was waited for; 0: none did */
};

enum child_flags {
	CHILD_STDIN = 1,  /* to is a pipe */
	CHILD_STDOUT = 2, /* from is a pipe */
	CHILD_DETACHED =
	    4,             /* own session, stdio on /dev/null, not waited for */
	CHILD_SEARCH = 8,  /* a name without "/" is looked for in PATH */
	CHILD_SAID = 16,   /* from is a pipe: stdout and stderr in one */
	CHILD_STDERR = 32, /* said is a pipe */
	CHILD_GROUP = 64,  /* in a process group of its own: what it starts ends
			      with it, but for what leaves the group */
};

/*
 * Starts argv[0] without a shell. Streams not asked for
 * are inherited. ERR_TEMPORARY when the system has no room for it, ERR_CONFIG
 * when the program is not there.
 */
int child_start(struct child *c, const char *const argv[], unsigned flags,
    struct error *err);

/*
 * After CHILD_SAID: passes what it says on to our stderr until it has ended,
 * true, or until then (clock_monotonic_ms()), false: then it goes on without
 * anybody who hears it. What it started may stay.
 */
bool child_hear_until(struct child *c, int64_t end_ms);

/* Has it ended, though nobody has waited for it yet? */
bool child_has_ended(const struct child *c);

/*
 * Closes the pipes, waits for the end. The exit status (0 to 255), or -1 when
 * a signal ended it, which c->signal is then.
 */
int child_wait(struct child *c);

/* The same; what has not ended by then (clock_monotonic_ms()) is killed. */
int child_wait_until(struct child *c, int64_t end_ms);

#endif
