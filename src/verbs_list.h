/* SPDX-License-Identifier: ISC */
/* The verbs that write frames (queue/frame.h) on stdout; as verb.run. */
#ifndef VERBS_LIST_H
#define VERBS_LIST_H

#include "base/error.h"
#include "queue/store.h"

#include <sys/types.h>

/* The caller, or STEER_ALL for one who may have everything. */
uid_t verb_reader(void);

/* What can be read is written even if something cannot; then it is -1 with
 * ERR_TEMPORARY: who takes it for all that is there must hear of the rest. */
int verb_list(struct store *s, const char *ignored, struct error *err);

int verb_show(struct store *s, const char *id, struct error *err);

#endif
