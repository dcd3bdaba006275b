/* SPDX-License-Identifier: ISC */
#ifndef FENCE_H
#define FENCE_H

#include "config/config.h"

/*
 * Confines delivery (base/confine.h) to what it needs for this configuration:
 * it writes beneath the queue and where temporary files go, and reads what
 * names and certificates are looked up in. Not with a password-command, which
 * would inherit it, and whose needs nobody knows.
 */
void fence(const struct config *c);

#endif
