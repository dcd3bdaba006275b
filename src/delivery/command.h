/* SPDX-License-Identifier: ISC */
/* What is asked of the relay, in its words. Private to delivery/. */
#ifndef DELIVERY_COMMAND_H
#define DELIVERY_COMMAND_H

#include "delivery/flight.h"
#include "delivery/session.h"

#include <stddef.h>

/* Each puts a command behind s->out, shows it, and expects its reply. */
void command_rset(struct session *s, struct flight *f);
void command_mail(struct session *s, struct flight *f);
void command_rcpt(struct session *s, struct flight *f, size_t rcpt);
void command_data(struct session *s, struct flight *f);

/* "BDAT n LAST"; the message must follow, and with it the reply is due. */
void command_bdat(struct session *s, struct flight *f);

/* The data follow; a reply is due when command_dot() has ended them. */
void command_body(struct session *s, struct flight *f);
void command_dot(struct session *s, struct flight *f);

#endif
