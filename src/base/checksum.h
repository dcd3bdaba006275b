/* SPDX-License-Identifier: ISC */
/* CRC-32, against torn and rotten records. The only user of zlib. */
#ifndef BASE_CHECKSUM_H
#define BASE_CHECKSUM_H

#include "base/span.h"

#include <stdint.h>

uint32_t checksum(struct span s);

#endif
