/* SPDX-License-Identifier: ISC */
/*
 * What a server may say in SCRAM (RFC 5802, 7677) before anything is worked out
 * from it: the library takes what it says by halves, and any number of
 * iterations.
 */
#ifndef DELIVERY_SCRAM_H
#define DELIVERY_SCRAM_H

#include "base/span.h"

/* The nonce in our first message, "n,,n=user,r=NONCE"; empty if it has none. */
struct span scram_nonce(struct span first);

/*
 * NULL, or what is wrong with the server's first message, "r=NONCE,s=SALT,i=N":
 * each of them once and in this order, the nonce longer than ours and beginning
 * with it, N from SCRAM_ITERATIONS_MIN to SCRAM_ITERATIONS_MAX, extensions
 * behind that but for the mandatory "m=", which nobody has defined yet.
 */
const char *scram_fault(struct span message, struct span nonce);

#endif
