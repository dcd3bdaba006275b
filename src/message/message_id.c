/* SPDX-License-Identifier: ISC */
/* The Message-ID of a message, wherever it is. */
#include "message/message_id.h"

#include "base/io.h"
#include "base/limits.h"
#include "message/header.h"

#include <string.h>

/* Most headers are whole in this. */
#define FIRST_READ (4 * KIB)

/* What is between the brackets. */
static struct span
strip(struct span s)
{
	const char *open = memchr(s.at, '<', s.len);
	const char *end;

	if (open == NULL)
		return span_trim(s);
	s = span_from(s, (size_t)(open + 1 - s.at));
	end = memchr(s.at, '>', s.len);
	return span(s.at, end != NULL ? (size_t)(end - s.at) : s.len);
}

void
message_id_find(struct span head, char to[MESSAGE_ID_SIZE])
{
	struct field f;
	struct span id;
	size_t n = 0;

	if (header_find(head, "Message-ID", &f)) {
		id = strip(f.body);
		/* Folds and NULs go. */
		for (size_t i = 0; i < id.len && n < MESSAGE_ID_SIZE - 1; i++)
			if (id.at[i] != '\r' && id.at[i] != '\n' &&
			    id.at[i] != '\0')
				to[n++] = id.at[i];
	}
	to[n] = '\0';
}

void
message_id_read(int fd, off_t at, char to[MESSAGE_ID_SIZE])
{
	static char block[IO_BLOCK];
	ssize_t n = io_pread(fd, block, FIRST_READ, at);
	const char *end;

	to[0] = '\0';
	if (n <= 0)
		return;
	end = memmem(block, (size_t)n, "\r\n\r\n", 4);
	if (end == NULL && n == FIRST_READ) {
		n = io_pread(fd, block, sizeof block, at);
		if (n <= 0)
			return;
		end = memmem(block, (size_t)n, "\r\n\r\n", 4);
	}
	message_id_find(
	    span(block, end != NULL ? (size_t)(end + 2 - block) : (size_t)n),
	    to);
}
