/* SPDX-License-Identifier: ISC */
/*
 * Text of header fields in ASCII: encoded words (RFC 2047) and extended
 * parameter values (RFC 2231).
 */
#ifndef MESSAGE_ENCODED_H
#define MESSAGE_ENCODED_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>

/* Does text have bytes that must not stand in a header field as they are? */
bool encoded_is_needed(struct span text);

/* The charset that text is in: "utf-8" where it can be, else "iso-8859-1". */
const char *encoded_charset(struct span text);

/*
 * Appends text as encoded words of at most 75 octets, a line for each
 * (CRLF SP between them), none of them ending inside a character. The result
 * may stand in a phrase, a comment and unstructured text alike: RFC 2047 5
 * allows the least in a phrase, and so much is used.
 */
void encoded_words(struct span text, struct buf *to);

/*
 * Appends unstructured text: from the first word that needs it to the last
 * one as encoded words, the rest as it is.
 */
void encoded_text(struct span text, struct buf *to);

/*
 * Appends a parameter NAME="VALUE" as NAME*=charset''VALUE, in parts
 * (NAME*0*=...) where one line would be too long. A name that ends in "*" has
 * such a value already; only what is raw in it is encoded.
 */
void encoded_parameter(struct span name, struct span value, struct buf *to);

#endif
