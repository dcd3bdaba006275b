/* SPDX-License-Identifier: ISC */
/*
 * One line of the log, made of named values: as text, in the order and the
 * style of Postfix's, or as a JSON object with the same names.
 *
 *     ID: from=<a@b>, size=123, to=<c@d>, relay=..., status=sent (250 Ok)
 *
 * No value can end the line, or begin another field. In text, what could is
 * written as \xNN: controls, what is not UTF-8, marks that turn or hide what
 * is beside them, a "=" behind one of our names, and a backslash as "\\"; in
 * "<>" both of these, and in a bare word all but letters, digits and
 * "-._:/@+%[]". The text in brackets goes on to the end of the line. In JSON it
 * is \uNNNN, and \ufffd for what is not UTF-8.
 */
#ifndef BASE_LOGLINE_H
#define BASE_LOGLINE_H

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Values are cut to these many octets, with "..." behind them. */
#define LOGLINE_VALUE_MAX 320
#define LOGLINE_TEXT_MAX 1024

/* Octets of addresses in one list, from which on no more are taken. */
#define LOGLINE_LIST_MAX 1024

/* Larger than all that a line can have, so that nothing is cut. */
#define LOGLINE_SIZE 24576

struct logline {
	bool json;
	bool first;  /* no value so far */
	size_t list; /* where the current list begins */
	size_t listed;
	size_t len;
	char text[LOGLINE_SIZE]; /* NUL-terminated */
};

/* level: "info" or "warning". id: of the entry; NULL: the line is about none.
 */
void logline_begin(
    struct logline *l, bool json, const char *level, const char *id);

void logline_number(struct logline *l, const char *name, int64_t value);

/* As "1.25", from milliseconds. */
void logline_seconds(struct logline *l, const char *name, int64_t ms);

/* A bare word; an empty one stands as "none". */
void logline_word(struct logline *l, const char *name, const char *value);

/* In "<>". */
void logline_address(struct logline *l, const char *name, const char *value);

/*
 * Several addresses of one name: in text the name is repeated for each of
 * them. False when the list is full; then it has not been added.
 */
void logline_list_begin(struct logline *l, const char *name);
bool logline_list_add(struct logline *l, const char *name, const char *value);
void logline_list_end(struct logline *l);

/* The last value: a word, and in brackets what was said (NULL: nothing). Ends
 * the line. */
void logline_end(
    struct logline *l, const char *name, const char *value, const char *said);

/* A line that is one sentence, and nothing else. */
void logline_sentence(
    struct logline *l, bool json, const char *level, const char *text);

#endif
