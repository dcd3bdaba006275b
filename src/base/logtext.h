/* SPDX-License-Identifier: ISC */
/* What others wrote, as it may stand in a line of the log (logline.h). */
#ifndef BASE_LOGTEXT_H
#define BASE_LOGTEXT_H

#include "base/span.h"

#include <stddef.h>

enum logtext {
	LOGTEXT_WORD,
	LOGTEXT_ADDRESS,
	LOGTEXT_SENTENCE,
	LOGTEXT_JSON, /* between quotes */
};

/*
 * Writes text and a NUL to to, and returns how long it is; what does not fit
 * into size is left out by whole characters. size is 1 at least.
 */
size_t logtext_escape(
    char *to, size_t size, enum logtext form, struct span text);

#endif
