/* SPDX-License-Identifier: ISC */
/* What a report says to machines (RFC 3464). Private to message/. */
#ifndef MESSAGE_REPORT_STATUS_H
#define MESSAGE_REPORT_STATUS_H

#include "base/buf.h"
#include "message/report.h"

#define REPORT_STATUS_SIZE 12

/* What stands for the whole message, with the empty line behind it. */
void report_status_message(const struct report *r, struct buf *to);

/* What stands for one recipient, without an empty line. */
void report_status_rcpt(
    const struct report *r, const struct report_rcpt *rcpt, struct buf *to);

/*
 * The status code (RFC 3463) of a recipient: that of the reply, else what its
 * basic code means, else the class alone.
 */
void report_status_code(const struct report *r, const struct report_rcpt *rcpt,
    char to[REPORT_STATUS_SIZE]);

#endif
