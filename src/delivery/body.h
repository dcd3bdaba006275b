/* SPDX-License-Identifier: ISC */
/*
 * The data of a message. A block is checked before any of it leaves: what a
 * caller smuggled into the queue ends the session instead, and without its
 * last octet nothing of it counts. Private to delivery/.
 *
 * -1: nothing more can be sent. The fault is the message's when f->t->corrupt
 * is set or f->err is ERR_IO, else the relay's, which may have refused it
 * early: then f->t is settled.
 */
#ifndef DELIVERY_BODY_H
#define DELIVERY_BODY_H

#include "base/error.h"
#include "delivery/flight.h"
#include "delivery/session.h"

/* Reads all of a small message into the empty buffer. ERR_IO, or t->corrupt
 * and ERR_DATA; nothing has been sent then. */
int body_load(struct transaction *t, struct buf *to, struct error *err);

/* Behind BDAT: sends it as it is. */
int body_chunk(struct session *s, struct flight *f);

/* Behind 354: sends it with its dots doubled; its last part and the end stay
 * in s->out. */
int body_data(struct session *s, struct flight *f);

#endif
