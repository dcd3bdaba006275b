/* SPDX-License-Identifier: ISC */
/* The verb of --probe in delivery. */
#ifndef INSPECT_H
#define INSPECT_H

#include "deliver.h"

/*
 * Opens a session with the relay of that name, or with each in turn (NULL),
 * and ends it without a message; what it finds goes to stdout in the form of
 * cli/probed.h. For root and the owner of the queue: ERR_PERMISSION.
 *
 * The exit code of the first relay that fails: 69, something at it must be
 * mended; 75, it may work later; 77, the login; 78, the configuration. Else 0.
 */
int inspect(struct courier *c, const char *relay, struct error *err);

#endif
