/* SPDX-License-Identifier: ISC */
/* sendmail's options, each in its spellings. Private to cli/. */
#ifndef CLI_LETTERS_H
#define CLI_LETTERS_H

#include "cli/effects.h"

/* Does an option take a value? */
enum value {
	NO_VALUE,
	VALUE,    /* joined, or the next word */
	ATTACHED, /* joined, or none */
};

struct letter {
	const char *name; /* a letter; or more, that begin what is joined */
	enum value value;
	struct effect effect;
	const char *instead; /* refused: why, or what to use; else NULL */
};

/* Room for letters_short(). */
#define LETTERS_SHORT_SIZE 160

/* getopt(3)'s description of all letters; to its end. */
char *letters_short(char *to);

/*
 * The row of the letter c with what is joined to it (*value: getopt's optarg):
 * of those whose name begins that, the longest. Leaves in *value what is
 * behind the name; NULL: nothing, and VALUE means that the next word is it.
 * NULL: there is no such letter.
 */
const struct letter *letters_find(int c, const char **value);

#endif
