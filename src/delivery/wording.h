/* SPDX-License-Identifier: ISC */
/* Does a reply have one of these words? Lists are parted by "|". */
#ifndef DELIVERY_WORDING_H
#define DELIVERY_WORDING_H

#include <stdbool.h>

/* A word fits where one of the text begins with it, whatever its case. */
bool wording_has(const char *text, const char *list);

/* The whole of an enhanced code but its class: ".1.1" fits "5.1.1", and nothing
 * fits "". */
bool wording_has_status(const char *status, const char *list);

#endif
