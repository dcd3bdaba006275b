/* SPDX-License-Identifier: ISC */
/* Names that nobody else has: of entries, and of messages. */
#ifndef BASE_ID_H
#define BASE_ID_H

#include "base/limits.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Writes a new id: 13 hexadecimal digits of the microsecond and 6 of chance
 * (getrandom(2)). Ids of one host sort by age, and contain nothing that a
 * file name, a shell or a log would mind.
 */
void id_new(int64_t now_us, char to[ENTRY_ID_SIZE]);

/* The least id that can be made at now_us. */
void id_least(int64_t now_us, char to[ENTRY_ID_SIZE]);

/* What is made of another entry: at most one of each kind. */
enum id_kind {
	ID_REPORT = 1, /* who did not get it */
	ID_NOTICE = 2, /* that it is delayed */
};

/*
 * The id (valid) of what is made of the entry id: always the same one, that no
 * other entry has, and directly behind it in order.
 */
void id_derive(const char *id, enum id_kind kind, char to[ENTRY_ID_SIZE]);

/* The microsecond of an id (valid): that of what it was derived from, if it
 * was. */
int64_t id_time_us(const char *id);

/* Does s have the form of an id? Checked before any use as a file name. */
bool id_is_valid(struct span s);

#endif
