/* SPDX-License-Identifier: ISC */
/* The hosts of a relay, as they are tried. */
#ifndef DELIVERY_TARGET_H
#define DELIVERY_TARGET_H

#include "base/limits.h"
#include "config/config.h"
#include "delivery/stream.h"

#include <stdbool.h>
#include <stdint.h>

struct target {
	char host[HOST_NAME_SIZE]; /* a name, an address, or "/path" of a
				      socket */
	uint16_t port;
	enum tls_mode tls;
	bool proved; /* it is the configuration that names it, or SRV records
			that DNSSEC proves (RFC 7673 3.1) */
};

/* The hosts of a relay, in the order in which they are tried. */
struct targets {
	struct target at[HOST_COUNT_MAX];
	size_t count;
};

/* Asks for them, if the relay has srv; as srv_targets(). */
int target_list(const struct stream_options *options, struct targets *list,
    struct error *err);

/* How long one of the so many hosts that are left may take, in ms. */
int64_t target_limit(const struct stream_options *options, size_t hosts);

#endif
