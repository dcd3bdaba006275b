/* SPDX-License-Identifier: ISC */
/* The Message-ID of a message in a file, for the log. */
#ifndef MESSAGE_MESSAGE_ID_H
#define MESSAGE_MESSAGE_ID_H

#include "base/span.h"

#include <sys/types.h>

/* With its NUL; a longer one is cut. */
#define MESSAGE_ID_SIZE 256

/*
 * Copies what is between the brackets of the first Message-ID field (RFC 5322
 * 3.6.4) of a header block, or all of its body where there are none. "" when
 * there is no such field.
 */
void message_id_find(struct span head, char to[MESSAGE_ID_SIZE]);

/*
 * The same of the message that begins at offset at of fd, whose position stays
 * where it is: within the first 64 KiB. "" also when it cannot be read.
 */
void message_id_read(int fd, off_t at, char to[MESSAGE_ID_SIZE]);

#endif
