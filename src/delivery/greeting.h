/* SPDX-License-Identifier: ISC */
/*
 * What the server says before the dialogue is ours: greeting, EHLO, STARTTLS
 * and AUTH, line by line as libcurl hands them on.
 */
#ifndef DELIVERY_GREETING_H
#define DELIVERY_GREETING_H

#include "base/span.h"
#include "delivery/capability.h"
#include "delivery/reply.h"

#include <stdbool.h>

struct greeting {
	struct reply reply; /* the current, or the last */
	bool in_reply;
	struct capabilities caps; /* of the last EHLO: after TLS it counts */
	int ehlo_wanted; /* so many are answered by 250; 0: not known */
	int ehlo_count;
	bool ehlo_done; /* the last line taken ended an EHLO reply */
	bool login;     /* these were, so that what comes answers AUTH */
	bool logged_in; /* 235 was seen (RFC 4954 4) */
};

/* Takes one line. -1 when it is no reply. */
int greeting_take(struct greeting *g, struct span line);

#endif
