/* SPDX-License-Identifier: ISC */
#ifndef CONSENT_H
#define CONSENT_H

#include "base/error.h"
#include "config/config.h"

/*
 * The verb of --authorize: has a person authorize the relay of that name, with
 * what they need on stdout, and keeps the token. For root, or the owner of the
 * queue: ERR_PERMISSION. A relay for which nobody is asked is tried instead.
 * libcurl is there (stream_global_init()).
 * Exit code 0.
 */
int consent(const struct config *config, const char *name, struct error *err);

#endif
