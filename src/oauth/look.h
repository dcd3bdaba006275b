/* SPDX-License-Identifier: ISC */
/* What is kept for a relay, without the network: for --check. */
#ifndef OAUTH_LOOK_H
#define OAUTH_LOOK_H

#include "base/error.h"
#include "config/config.h"

/*
 * Is there a refresh token for this relay, which has oauth and a grant that a
 * person gives, and does the server still take it, as far as it has said?
 * Else -1, as oauth_token() would say it.
 */
int oauth_look(
    const struct config *config, const struct relay *relay, struct error *err);

#endif
