/* SPDX-License-Identifier: ISC */
/*
 * The dialogue on stderr, for a person to read. AUTH, the answers to its
 * challenges, and what is said to a proxy to log in hold the password, and are
 * never shown; nor what a server says in SCRAM, by which it could be guessed.
 */
#ifndef DELIVERY_TRANSCRIPT_H
#define DELIVERY_TRANSCRIPT_H

#include "base/span.h"

#include <stdbool.h>

struct transcript {
	bool shown;   /* otherwise all of this does nothing */
	bool masking; /* the dialogue is inside AUTH */
	bool proving; /* by SCRAM */
};

/* One line, with or without its line end. */
void transcript_sent(struct transcript *t, struct span line);
void transcript_received(struct transcript *t, struct span line);

/* What neither of them says. */
void transcript_note(const struct transcript *t, struct span line);

#endif
