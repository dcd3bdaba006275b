/* SPDX-License-Identifier: ISC */
/* How messages on their way come to an end, or begin again. Private to
 * parcel.c. */
#ifndef PARCEL_END_H
#define PARCEL_END_H

#include "parcel.h"

/* Behind the last one. */
void parcels_put(struct parcels *list, struct parcel *p);

/* The first one; NULL: there is none. */
struct parcel *parcels_take(struct parcels *list);

/* It is as it was before it was made fit for a relay. */
void parcel_restore(struct parcel *p);

/* It is at its end; rc as of struct parcel, with p->err. */
void parcel_come_back(struct courier *c, struct parcel *p, int rc);

/* It failed for good, by p->err; the first of those that one session loses says
 * so of the relay. */
void parcel_fail(struct courier *c, struct parcel *p, bool first);

/* The relay has answered: it comes back, or is offered again. */
void parcel_accept(struct courier *c, struct parcel *p);

/* Takes what has ended from the session; with wait, one at least. What it lost,
 * and nothing is known of, is offered again. */
void parcel_collect(struct courier *c, struct post *post, bool wait);

#endif
