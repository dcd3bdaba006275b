/* SPDX-License-Identifier: ISC */
/* With whom a stream speaks, for the log. */
#ifndef DELIVERY_PEER_H
#define DELIVERY_PEER_H

#include "base/limits.h"
#include "config/config.h"
#include "delivery/stream.h"

struct peer {
	char where[HOST_NAME_SIZE + 64]; /* "host[address]:port" */
	char tls[16];                    /* "TLS1.3", or "none" */
};

/* Of an open stream. */
void peer_of_stream(const struct stream *s, struct peer *p);

/* Of a relay that was not reached: where it would have been. */
void peer_of_relay(const struct relay *r, struct peer *p);

#endif
