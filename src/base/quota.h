/* SPDX-License-Identifier: ISC */
/* So many of something in so much time. */
#ifndef BASE_QUOTA_H
#define BASE_QUOTA_H

#include <stdint.h>

struct quota {
	int64_t count;
	int64_t seconds;
};

#endif
