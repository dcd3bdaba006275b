/* SPDX-License-Identifier: ISC */
/* A message on its way to the relay: what goes, and what waits for which
 * answer, by the mode of the session (session.h). Private to delivery/. */
#ifndef DELIVERY_PUSH_H
#define DELIVERY_PUSH_H

#include "delivery/flight.h"
#include "delivery/session.h"

/* The newest, as far as it goes before its answers. Nobody's body may wait for
 * the answer to DATA (s->open), and the session is not ending. */
void push(struct session *s, struct flight *f);

/* The body that waits, behind its 354. */
void push_finish_open(struct session *s);

#endif
