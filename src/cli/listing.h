/* SPDX-License-Identifier: ISC */
/*
 * How the queue is shown: in the layout of Postfix's mailq, which people and
 * their monitoring know, or as JSON, one object a line, with the fields of
 * "postqueue -j" and some more. listing_json.c is the only user of jansson.
 */
#ifndef CLI_LISTING_H
#define CLI_LISTING_H

#include "base/clock.h"
#include "queue/entry.h"
#include "queue/pause.h"

#include <stdbool.h>
#include <stdio.h>
#include <time.h>

/* An entry as it was found. */
struct listed {
	const struct entry *entry;
	time_t next;               /* of the next attempt */
	bool busy;                 /* somebody is delivering it */
	const char *relay;         /* that it goes to by now; NULL: none */
	const struct pause *pause; /* of that; NULL: it is not paused */
};

/* What the last line of a listing says; begins as {0}. */
struct listing_total {
	size_t count;
	int64_t octets;
	struct clock_quarter quarter; /* of the last entry */
};

/* Shows one entry and counts it. */
void listing_text(
    const struct listed *l, struct listing_total *total, FILE *to);

/* Is there anything to be said of that recipient? Not of one who has it, nor of
 * one whom others stand for. */
bool listing_concerns(const struct rcpt_status *status);

/* Why a relay is paused, until when, for how many messages, and what to do:
 * one line, as no other line of a listing begins. as_root: the reader may not
 * do it. */
void listing_text_pause(
    const struct paused *p, size_t waiting, bool as_root, FILE *to);

/* "-- 3 Kbytes in 2 Requests." or "Mail queue is empty": the last line, since
 * there monitoring looks for it. */
void listing_text_end(const struct listing_total *total, FILE *to);

void listing_json(const struct listed *l, FILE *to);

#endif
