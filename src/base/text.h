/* SPDX-License-Identifier: ISC */
/* Small questions about text. ASCII only: the locale is never asked. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

static inline bool
text_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
text_is_control(char c)
{
	return (unsigned char)c < 0x20 || c == 0x7f;
}

/*
 * Replaces controls in the NUL-terminated text by '?', so that what a server
 * or a caller wrote can stand in one line of a log or on a terminal.
 */
void text_make_printable(char *text);

/* Puts stars in place of the secret wherever it is in the NUL-terminated text,
 * which gets no longer; also where it is cut, but for a few bytes. */
void text_hide(char *text, struct span secret);

/* Copies s, cut to fit and made printable, into to; always NUL-terminated. */
void text_copy_printable(char *to, size_t size, struct span s);

/*
 * Copies s and a NUL into to. Returns false, with to empty, when it does not
 * fit or s has a NUL inside.
 */
bool text_copy(char *to, size_t size, struct span s);

/*
 * Reads decimal digits, all of s, into *value. False on anything else or
 * above max.
 */
bool text_number(
    struct span s, unsigned long long max, unsigned long long *value);

/* Letters, digits, ".", "_" and "-", at least one, and no "." first: good as
 * the name of a file, whatever it is for. */
bool text_is_plain_name(const char *text);

/* "1 message", "3 messages": writes into to and returns it. */
char *text_count(char *to, size_t size, size_t n, const char *noun);

/*
 * The number of single edits (insert, remove, replace, swap neighbours) that
 * turn a into b, for "did you mean": words of at most 31 bytes, a longer one
 * is never near.
 */
size_t text_distance(const char *a, const char *b);

/*
 * The entry of names (n of them) nearest to word, or NULL when none is near
 * enough to be meant.
 */
const char *text_nearest(const char *word, const char *const *names, size_t n);

#endif
