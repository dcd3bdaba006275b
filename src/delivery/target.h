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

#endif
