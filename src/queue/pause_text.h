/* SPDX-License-Identifier: ISC */
/* What stands in the file of a relay that is out of order; the form is in
 * pillarbox-queue(5). Private to queue/. */
#ifndef QUEUE_PAUSE_TEXT_H
#define QUEUE_PAUSE_TEXT_H

#include "base/buf.h"
#include "base/span.h"
#include "queue/pause.h"

#include <stdbool.h>

/* False: it is not of that form to its last byte. */
bool pause_decode(struct span text, struct pause *p);

void pause_encode(const struct pause *p, struct buf *to);

#endif
