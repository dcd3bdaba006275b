/* SPDX-License-Identifier: ISC */
/* What a sender asks to be told of a message: delivery status notifications
 * (RFC 3461). */
#ifndef MESSAGE_DSN_H
#define MESSAGE_DSN_H

#include "base/error.h"
#include "message/envelope.h"

#include <stdbool.h>

/*
 * What may stand for each parameter, as it is kept in an envelope: NULL when
 * it is no good, else to be freed. Case does not matter where it does not
 * mean anything.
 */
char *dsn_notify(struct span value); /* RFC 3461 4.1 */
char *dsn_orcpt(struct span value);  /* RFC 3461 4.2 */
/* The same for one that was named without. NULL: it is not ASCII. */
char *dsn_orcpt_of(const char *address);
char *dsn_ret(struct span value);   /* RFC 3461 4.3 */
char *dsn_envid(struct span value); /* RFC 3461 4.4 */

/* Is word in the list of NOTIFY? Without a list (NULL) it is when it is FAILURE
 * or DELAY: that is up to who reports (RFC 3461 5.2.1), and we do. */
bool dsn_wants(const char *notify, const char *word);

/*
 * Puts into the envelope, for all of its recipients, what is not NULL: notify
 * is "never", or some of success, failure and delay with commas between them;
 * ret is "full" or "hdrs"; both without regard to case. envid is xtext of
 * ENVID_MAX octets at most. ERR_USAGE.
 */
int dsn_request(struct envelope *e, const char *notify, const char *ret,
    const char *envid, struct error *err);

#endif
