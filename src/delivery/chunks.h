/* SPDX-License-Identifier: ISC */
/* A relay that announces CHUNKING (RFC 3030) and knows no BDAT. Private to
 * delivery/. */
#ifndef DELIVERY_CHUNKS_H
#define DELIVERY_CHUNKS_H

#include "delivery/asked.h"

#include <stdbool.h>

/* Is that said of BDAT itself? None has been taken before, and here is somebody
 * who would get this one. */
bool chunks_are_unknown(const struct session *s, const struct reply *r);

/* By DATA it may go, in another session: what followed BDAT may have been taken
 * for commands. */
void chunks_avoid(struct session *s, struct flight *f, const struct reply *r);

/* Behind that nobody can tell what is answered: no yes counts, and no no. */
bool chunks_are_muddled(const struct session *s);
void chunks_take_muddled(
    struct session *s, const struct asked *a, const struct reply *r);

#endif
