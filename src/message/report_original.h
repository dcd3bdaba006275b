/* SPDX-License-Identifier: ISC */
/* What a report gives back of the message (RFC 6522 3). Private to message/. */
#ifndef MESSAGE_REPORT_ORIGINAL_H
#define MESSAGE_REPORT_ORIGINAL_H

#include "base/buf.h"
#include "message/report.h"

/* How it is given back. */
enum report_form {
	REPORT_HEADERS,        /* text/rfc822-headers */
	REPORT_HEADERS_CODED,  /* the same, encoded (RFC 6522 4) */
	REPORT_HEADERS_GLOBAL, /* message/global-headers, encoded */
	REPORT_FULL,           /* message/rfc822 */
	REPORT_FULL_8BIT,      /* the same, with 8-bit content */
	REPORT_FULL_GLOBAL,    /* message/global, encoded */
};

struct report_original {
	const struct spool *message;
	struct buf head; /* without the empty line behind it; cut after
			    HEADER_BLOCK_MAX */
	enum report_form form;
};

/* Reads the head and chooses the form. ERR_IO; release it in any case. */
int report_original_look(struct report_original *o, const struct spool *message,
    bool full, struct error *err);
void report_original_release(struct report_original *o);

/* Writes the part: its fields, an empty line, and the content, ended. */
int report_original_add(
    const struct report_original *o, struct spool *to, struct error *err);

#endif
