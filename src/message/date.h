/* SPDX-License-Identifier: ISC */
/* Dates of header fields (RFC 5322 3.3 and 4.3). Private to message/. */
#ifndef MESSAGE_DATE_H
#define MESSAGE_DATE_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>

/*
 * Finds the date, time and zone in the body of a field, as readers do it: the
 * name of the day, comments, and what stands behind are of no account. Appends
 * these three as they stand there, in ASCII; false, with nothing appended, if
 * there are none.
 */
bool date_find(struct span body, struct buf *to);

#endif
