/* SPDX-License-Identifier: ISC */
/* What the client is told. Private to smtpd/. */
#ifndef SMTPD_REPLY_H
#define SMTPD_REPLY_H

#include "smtpd/dialogue.h"

/* So many in a row, and it is no client. */
#define SLIPS_MAX 20

/*
 * Adds one line, "250 2.0.0 text" or "250-text", cut to what RFC 5321
 * 4.5.3.1.5 allows; what is not printable ASCII becomes "?". It leaves with
 * the next reply_flush(). Counts what was no good command (500 to 502).
 */
void reply(struct dialogue *g, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Adds the refusal that err stands for. */
void reply_error(struct dialogue *g, const struct error *err);

/* All that was added leaves. If it cannot, the session is over, and g->deaf. */
void reply_flush(struct dialogue *g);

/* The same line for a session that there is none of; at most size octets. */
size_t reply_write(char *to, size_t size, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
