/* SPDX-License-Identifier: ISC */
/*
 * How long the store waits for a caller who is not trusted (process.h): each is
 * a process of the queue's owner, and counts as one. The front has read all of
 * its input before it calls; but what it hears, a person may read page by page.
 * Whom it does not wait for any longer, it leaves by SIGALRM. Nothing is done
 * before patience_begin().
 */
#ifndef PATIENCE_H
#define PATIENCE_H

/* Seconds until the next bytes have come, or the next have been taken. */
#define PATIENCE_INPUT 60
#define PATIENCE_OUTPUT 300

/* For a call in all: the time for the largest message. */
#define PATIENCE_CALL 3600

void patience_begin(void);

/* From now on the caller must let it go on within so many seconds. */
void patience_renew(unsigned seconds);

#endif
