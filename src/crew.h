/* SPDX-License-Identifier: ISC */
/*
 * Copies of this process that help it with a long piece of work. They are made
 * before it has anything open that is not for two, and wait; when it has seen
 * that the work can be done it lets them go. What one does not do is left to
 * the process that made it: a copy may fail to be made, or be killed, at any
 * time.
 *
 * They end when their work does, or between two steps of it when the process
 * that made them has ended or wants them to.
 */
#ifndef CREW_H
#define CREW_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* As many as a relay may have sessions beside the first one. */
#define CREW_MAX 63

/* Begins as {.hold = -1}: nobody. */
struct crew {
	int hold; /* a pipe: the end that this process has */
	pid_t pid[CREW_MAX];
	size_t count; /* that were made */
	bool gone;    /* they were let go */
	bool over;    /* in a copy: it is to end */
};

/*
 * Makes count copies, at most CREW_MAX, or as many as can be had. In each of
 * them work(context) runs when it is let go, and it ends by _exit(2) behind
 * that.
 */
void crew_begin(struct crew *crew, size_t count, void (*work)(void *context),
    void *context);

/* Lets them go; once. */
void crew_go(struct crew *crew);

/* In a copy: is it to end now? */
bool crew_is_over(struct crew *crew);

/* Waits a moment for their end. True: none is left. */
bool crew_nap(struct crew *crew);

/* Has them end, and waits for that. */
void crew_end(struct crew *crew);

#endif
