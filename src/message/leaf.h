/* SPDX-License-Identifier: ISC */
/* A part that has no parts. Private to message/. */
#ifndef MESSAGE_LEAF_H
#define MESSAGE_LEAF_H

#include "message/walk.h"

/* Where an entity stands. */
enum place {
	PLACE_TOP,
	PLACE_MESSAGE, /* a message inside of another */
	PLACE_PART,
	PLACE_DIGEST, /* a part; without a type a message (RFC 2046 5.1.5) */
};

/* Writes head and content, up to the boundary that ends it, mended. */
int leaf(
    struct walk *w, struct span head, const struct media *m, enum place place);

#endif
