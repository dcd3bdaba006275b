/* SPDX-License-Identifier: ISC */
/* What a report says to a person. Private to message/. */
#ifndef MESSAGE_REPORT_LETTER_H
#define MESSAGE_REPORT_LETTER_H

#include "base/buf.h"
#include "message/report.h"

/* Appends the letter, in lines with CRLF: UTF-8, or ASCII if what it tells of
 * is that. Of many recipients it names REPORT_LISTED_MAX. */
void report_letter(const struct report *r, struct buf *to);

/* Is somebody named who did not get it? */
bool report_has_failed(const struct report *r);

#endif
