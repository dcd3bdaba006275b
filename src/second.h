/* SPDX-License-Identifier: ISC */
/*
 * A second process for half of a long piece of work, where there is a second
 * processor for it. It is a copy of this one, so that it may do what this one
 * may, and ends when this one no longer reads.
 */
#ifndef SECOND_H
#define SECOND_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

struct second {
	FILE *from; /* what it writes on its stdout */
	pid_t pid;
};

/*
 * work(context) runs there; nothing may wait in stdout. False: it is not to be
 * had, and this one does all.
 */
bool second_begin(struct second *s, void (*work)(void *), void *context);

/* Writes the next len octets that it writes; false: there are fewer. */
bool second_pass(struct second *s, size_t len);

void second_end(struct second *s);

#endif
