/* SPDX-License-Identifier: ISC */
#ifndef GIVEBACK_H
#define GIVEBACK_H

#include "base/error.h"
#include "deliver.h"

/*
 * Reads ids from stdin, one a line, and returns each message to its sender:
 * whoever waits for it is refused it, by hand. Answers on stdout, as
 * steer_each(). Others than root and the owner of the queue may give back what
 * they sent. Exit code 0, or -1 with err.
 */
int giveback(struct courier *c, struct error *err);

#endif
