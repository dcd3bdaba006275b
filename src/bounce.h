/* SPDX-License-Identifier: ISC */
/*
 * Reports to the sender of an entry, queued as entries of their own: who did
 * not get it, or did as was asked to be told, or that it is late. Where
 * message/report.h meets queue/ and config/.
 */
#ifndef BOUNCE_H
#define BOUNCE_H

#include "base/error.h"
#include "config/config.h"
#include "queue/schedule.h"
#include "queue/store.h"

enum bounce {
	BOUNCE_FAILED = -1, /* err is set; nothing was queued */
	BOUNCE_QUEUED,      /* durably; before now, if a crash was since */
	BOUNCE_UNWANTED,    /* nobody wants one (NOTIFY) */
	BOUNCE_IMPOSSIBLE,  /* it has no sender */
};

/* Is a report owed, though nobody failed: of recipients who were to be told of
 * success (NOTIFY), and have it from a relay that does not tell (RFC 3461
 * 5.2.2)? */
bool bounce_is_due(const struct entry *e);

/*
 * Tells the sender which recipients were refused or expired, and of which
 * success is to be told; nobody waits any longer. The report's id is derived
 * from the entry's, so that there is one however often this is tried.
 */
enum bounce bounce_settled(const struct config *config, struct store *s,
    const struct entry_file *f, struct error *err);

/* Tells the sender which recipients wait still, and until when. */
enum bounce bounce_delayed(const struct config *config,
    const struct schedule *schedule, struct store *s,
    const struct entry_file *f, struct error *err);

#endif
