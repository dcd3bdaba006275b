/* SPDX-License-Identifier: ISC */
/* What a sender asks to be told of a message: delivery status notifications
 * (RFC 3461). */
#ifndef MESSAGE_DSN_H
#define MESSAGE_DSN_H

#include "base/error.h"
#include "message/envelope.h"

/*
 * Puts into the envelope, for all of its recipients, what is not NULL: notify
 * is "never", or some of success, failure and delay with commas between them;
 * ret is "full" or "hdrs"; both without regard to case. envid is xtext of
 * ENVID_MAX octets at most. ERR_USAGE.
 */
int dsn_request(struct envelope *e, const char *notify, const char *ret,
    const char *envid, struct error *err);

#endif
