/* SPDX-License-Identifier: ISC */
/* An attempt in the log, as pillarbox(1) shows it. */
#ifndef ATTEMPT_LOG_H
#define ATTEMPT_LOG_H

#include "deliver.h"
#include "delivery/transaction.h"
#include "queue/entry.h"
#include "rewrite.h"

#include <stdint.h>

struct attempt {
	const struct entry *entry;
	const struct transaction *t;
	const struct post *post; /* that was asked; NULL: there is none, */
	const struct peer *peer; /* and this has nothing */
	const struct rewrite *rewrite;
	int64_t arrived_us; /* 0: as the id says */
	const char *message_id;
	const char *trouble; /* why it failed as a whole; "": it did not */
};

/*
 * One line for all recipients that heard the same, with the names of as many
 * as there is room for: so one for most attempts, and a hundred at most.
 * What the records of the entry say by then is heeded: a recipient may have
 * expired by this attempt.
 */
void attempt_log(const struct attempt *a);

#endif
