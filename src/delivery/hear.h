/* SPDX-License-Identifier: ISC */
/*
 * What is said before the dialogue of the session: a line of ours, and a whole
 * reply to it, all of it before the relay's connect timeout is over and each in
 * its timeout. Private to connect.c, lhlo.c and login.c.
 */
#ifndef DELIVERY_HEAR_H
#define DELIVERY_HEAR_H

#include "base/buf.h"
#include "delivery/stream_state.h"

struct hearing {
	struct stream *stream;
	const char *strange; /* what it means if something is no reply */
	struct buf in;       /* come, up to a whole reply */
	bool proved;         /* the server has been */
};

/* in is to be released in the end. */
void hear_init(struct hearing *h, struct stream *s, const char *strange);

/*
 * Hears a whole reply, and puts it in stream->greeting. Nothing may come behind
 * it. Else what libcurl would return for SMTP, and stream->message says more.
 */
CURLcode hear(struct hearing *h);

/* Sends out, and shows it. Nothing may come before all of it has left. */
CURLcode hear_say(struct hearing *h, struct span out);

/* Returns code, with why in s->message. */
CURLcode hear_fault(struct stream *s, CURLcode code, const char *why);

/* Shows what the server said, a line or more, if the dialogue is shown: without
 * the login, which some quote when they refuse it (hide.h). */
void hear_show(struct stream *s, struct span heard);

#endif
