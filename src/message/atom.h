/* SPDX-License-Identifier: ISC */
/* Atoms, of which addresses are made (RFC 5322 3.2.3); 8-bit bytes are of them
 * (RFC 6532 3.2). Private to message/. */
#ifndef MESSAGE_ATOM_H
#define MESSAGE_ATOM_H

#include "base/span.h"

#include <stdbool.h>

/* May c stand in an atom? */
bool atom_is_char(char c);

/* Is text a dot-atom, so that it may stand without quotes? */
bool atom_is_dotted(struct span text);

#endif
