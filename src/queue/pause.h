/* SPDX-License-Identifier: ISC */
/*
 * Relays that are out of order, remembered from one run to the next: a small
 * file for each in relays/, so that nobody knocks at a closed door, least of
 * all with a wrong password. The form is in pillarbox-queue(5). A pause is a
 * hint: what cannot be read, or is not ours, counts as none, and costs one
 * attempt. A relay is named by text_is_plain_name().
 */
#ifndef QUEUE_PAUSE_H
#define QUEUE_PAUSE_H

#include "base/limits.h"
#include "queue/store.h"

#include <stdbool.h>
#include <time.h>

/* Of a pause that is for the messages of all. */
#define PAUSE_ALL ((uid_t)-1)

struct pause {
	unsigned failures; /* in a row, at least 1 */
	time_t since;      /* of the first of them */
	time_t until;      /* when to probe */
	uid_t uid; /* the only user whose messages it failed, and for whose
		      alone it is paused; or PAUSE_ALL */
	char why[REPLY_TEXT_MAX]; /* one line */
};

/* Reads what is known of relay. False: nothing is wrong with it. */
bool pause_read(struct store *s, const char *relay, struct pause *p);

/* Does it stand in the way of what uid sends? */
bool pause_is_for(const struct pause *p, uid_t uid);

/* Is it time to probe? Also when until is further ahead than any pause is
 * (SCHEDULE_PAUSE_MAX), since the clock was put back then. */
bool pause_is_over(const struct pause *p, time_t now);

/*
 * The right to probe a paused relay, as a descriptor to close when its pause
 * has been set anew or cleared; p is the pause as it is now. -1: somebody else
 * has that right, or there is no pause any more.
 */
int pause_probe(struct store *s, const char *relay, struct pause *p);

/* Writes p, over what is there. Not synced. ERR_IO. */
int pause_set(struct store *s, const char *relay, const struct pause *p,
    struct error *err);

/* Nothing is wrong with relay any more. ERR_IO. */
int pause_clear(struct store *s, const char *relay, struct error *err);

struct paused {
	char relay[RELAY_NAME_SIZE];
	struct pause pause;
};

/* All of them, by name, also those that are over; how many. The list is the
 * caller's to free. */
size_t pause_list(struct store *s, struct paused **list);

#endif
