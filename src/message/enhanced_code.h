/* SPDX-License-Identifier: ISC */
/* Enhanced status codes (RFC 3463 2). */
#ifndef MESSAGE_ENHANCED_CODE_H
#define MESSAGE_ENHANCED_CODE_H

#include "base/span.h"

/* The code that text begins with, "5.1.1", with a blank or nothing behind it;
 * empty when there is none, or its class is another ('2', '4' or '5'). */
struct span enhanced_code(struct span text, char class);

#endif
