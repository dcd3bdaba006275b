/* SPDX-License-Identifier: ISC */
/* The data of a message, behind 354. Private to delivery/. */
#ifndef DELIVERY_BODY_H
#define DELIVERY_BODY_H

#include "base/error.h"
#include "delivery/session.h"

/*
 * Sends the message and its end. A block is checked before any of it leaves:
 * what a caller smuggled into the queue ends the session instead, and without
 * the final dot nothing of it counts.
 *
 * -1: the session is at its end. t->corrupt or ERR_IO: the message is at
 * fault, else the relay, which may have refused it early: then t is settled.
 */
int body_send(struct session *s, struct transaction *t, struct error *err);

#endif
