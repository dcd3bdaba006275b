/* SPDX-License-Identifier: ISC */
/* CRC-32. */
#include "base/checksum.h"

#include <zlib.h>

uint32_t
checksum(struct span s)
{
	return (uint32_t)crc32_z(0, (const unsigned char *)s.at, s.len);
}
