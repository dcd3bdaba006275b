/* SPDX-License-Identifier: ISC */
/*
 * The PIN of a token that has a relay's key. Most lock themselves after three
 * wrong ones, and a relay is asked again and again; so a token that remembers a
 * wrong one (PKCS #11 has flags for that) is given none until somebody has
 * given it the right one.
 */
#ifndef PIN_H
#define PIN_H

#include "deliver.h"

/*
 * May the PIN be given now? Then *lock keeps other processes from giving it
 * meanwhile, until io_close(); -1 for a relay without one, and when who has
 * the lock does not give it back in the time of the relay. ERR_CONFIG.
 */
int pin_begin(const struct courier *c, const struct relay *relay, int *lock,
    struct error *err);

#endif
