/* SPDX-License-Identifier: ISC */
#ifndef FENCE_H
#define FENCE_H

#include "alias/aliases.h"
#include "config/config.h"

/*
 * Confines delivery to what it needs for this configuration: it writes beneath
 * the queue and where temporary files go, reads what names and certificates are
 * looked up in (base/confine.h), and gives up other system calls
 * (base/syscalls.h). Not with a password-command or another one, which would
 * inherit it, and whose needs nobody knows. aliases: as they are now, empty if
 * there are none. listens: it waits for a browser.
 */
void fence(const struct config *c, const struct aliases *aliases, bool listens);

#endif
