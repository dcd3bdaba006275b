/* SPDX-License-Identifier: ISC */
/* One host of a relay, as it is tried. */
#ifndef DELIVERY_TARGET_H
#define DELIVERY_TARGET_H

#include "base/limits.h"
#include "config/config.h"

#include <stdint.h>

struct target {
	char host[HOST_NAME_SIZE]; /* a name, an address, or "/path" of a
				      socket */
	uint16_t port;
	enum tls_mode tls;
};

/* The hosts of a relay, in the order in which they are tried. */
struct targets {
	struct target at[HOST_COUNT_MAX];
	size_t count;
};

#endif
