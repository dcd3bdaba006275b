/* SPDX-License-Identifier: ISC */
/*
 * Reports to the sender of a message about what became of it: multipart/report
 * (RFC 6522) with message/delivery-status (RFC 3464). Knows neither queue nor
 * configuration; all comes from the caller.
 */
#ifndef MESSAGE_REPORT_H
#define MESSAGE_REPORT_H

#include "base/error.h"
#include "message/spool.h"

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

/* A recipient who did not get it, or of whom success was to be told. */
struct report_rcpt {
	const char *address; /* envelope form */
	const char *orcpt;   /* RFC 3461 4.2; NULL: not given */
	const char *text;    /* what was last said of it, or "" */
	const char *remote;  /* who said it, "smtp.example.com" or "[10.0.0.1]";
				NULL: not known */
	time_t last_attempt; /* 0: not known */
	bool expired;        /* not refused, but its time is over */
	const char *success; /* "relayed" or "delivered", RFC 3464 2.3.3; NULL:
				it did not get it */
};

struct report {
	bool delayed;          /* nothing is lost yet; otherwise it failed */
	const char *id;        /* of the report, for Message-ID */
	const char *about;     /* of the message, for the reader */
	const char *host_name; /* who reports */
	const char *sender;    /* who is told; envelope form, not null */
	const char *envid;     /* RFC 3461 4.4; NULL: not given */
	bool full;             /* RET=FULL */
	time_t now;
	time_t arrival;     /* when the message came */
	time_t retry_until; /* of one delayed; 0: not said */
	const struct report_rcpt *rcpt;
	size_t rcpt_count;
	size_t delivered;             /* of all its recipients, who have it */
	const struct spool *original; /* the message, in wire form */
};

/*
 * Writes the report to the empty spool, in wire form with no line over 998.
 * *eight_bit: it needs BODY=8BITMIME. Its header is ASCII unless the sender's
 * address is not, which then needs SMTPUTF8 in any case; addresses of others
 * are written as RFC 6533 has them for ASCII. ERR_IO, ERR_TEMPORARY: spooling.
 */
int report_compose(const struct report *r, struct spool *to, bool *eight_bit,
    struct error *err);

#endif
