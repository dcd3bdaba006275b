/* SPDX-License-Identifier: ISC */
/* What the client says, in lines and in octets. Private to smtpd/. */
#ifndef SMTPD_INPUT_H
#define SMTPD_INPUT_H

#include "base/limits.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

/* RFC 5321 4.5.3.1.4 has 512, and more for each parameter: those of SIZE,
 * SMTPUTF8 and DSN are some 1,200. */
#define INPUT_LINE_MAX 2048

/*
 * How lines end is said by the first one and holds for all of the session: for
 * commands, and for the end of a message. So what somebody could slip into a
 * client's address or text brings neither to its end in another way than that
 * client does it.
 */
enum line_end {
	LINE_END_UNKNOWN,
	LINE_END_CRLF,
	LINE_END_LF,
};

enum input_end {
	INPUT_GOES_ON,
	INPUT_ENDED,
	INPUT_LATE,   /* nothing came for too long */
	INPUT_FAILED, /* and why is in error, as errno */
};

enum line_kind_seen {
	LINE_GOOD,
	LINE_LONG,   /* over INPUT_LINE_MAX; its end was found, the rest lost */
	LINE_BROKEN, /* a control character, CR or LF alone among them */
};

struct input {
	int fd;
	int patience_ms;
	enum line_end line_end;
	enum input_end end;
	int error;
	size_t at;
	size_t len;
	char line[INPUT_LINE_MAX];
	char block[IO_BLOCK];
};

void input_init(struct input *in, int fd, int patience_ms);

/* Would input_fill() have to wait? */
bool input_is_idle(const struct input *in);

/* Something is in the block, after a wait if need be; or false, with end. */
bool input_fill(struct input *in);

/*
 * The next line without its end, valid until the next one. False: there is
 * none, and what there was of it is thrown away. before() is called with
 * context before each wait.
 */
bool input_line(struct input *in, void (*before)(void *context), void *context,
    struct span *line, enum line_kind_seen *kind);

#endif
