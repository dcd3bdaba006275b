/* SPDX-License-Identifier: ISC */
/* The head of an entity, with what is changed in it. Private to message/. */
#ifndef MESSAGE_HEAD_H
#define MESSAGE_HEAD_H

#include "base/span.h"
#include "message/walk.h"

#include <stdbool.h>

/* What to change in the head of an entity; NULL or false: nothing. */
struct changes {
	const char *transfer;
	const char *charset;
	bool type;    /* add text/plain, there is no Content-Type */
	bool version; /* add MIME-Version */
};

/*
 * Writes the head, each field mended where it must be (field.h), and the empty
 * line behind it; with changes, if not NULL, the fields that they are about
 * anew. -1 with the walk's error: a field cannot be mended, or is signed.
 */
int head_write(struct walk *w, struct span head, const struct changes *changes);

#endif
