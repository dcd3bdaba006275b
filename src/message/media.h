/* SPDX-License-Identifier: ISC */
/*
 * What a body, or a part of one, says of itself: Content-Type and
 * Content-Transfer-Encoding (RFC 2045 5 and 6), read leniently.
 */
#ifndef MESSAGE_MEDIA_H
#define MESSAGE_MEDIA_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>

/* RFC 2046 5.1.1 allows 70; scripts make longer ones. */
#define BOUNDARY_SIZE 256

enum transfer {
	TRANSFER_NONE, /* not said: 7bit */
	TRANSFER_7BIT,
	TRANSFER_8BIT,
	TRANSFER_BINARY, /* not for SMTP (RFC 3030) */
	TRANSFER_QUOTED,
	TRANSFER_BASE64,
	TRANSFER_OTHER,
};

enum form {
	FORM_TEXT, /* text, or not said */
	FORM_MULTIPART,
	FORM_MESSAGE, /* another message with its own header */
	FORM_STATUS,  /* another message/...: never encoded (RFC 2045 6.4) */
	FORM_OTHER,
};

struct media {
	enum form form;
	enum transfer transfer;
	bool typed;     /* there is a Content-Type */
	bool versioned; /* there is a MIME-Version */
	bool is_signed; /* multipart/signed */
	bool is_digest; /* multipart/digest: its parts are messages */
	bool ascii;     /* charset is us-ascii, or not said */
	char boundary[BOUNDARY_SIZE]; /* of a multipart, else "" */
};

/* Reads the fields of a header block in wire form. */
void media_read(struct span head, struct media *m);

/* One parameter of a field body: "; name=value", quotes and comments taken
 * care of. raw is all of it behind the ";". */
struct parameter {
	struct span name;
	struct span value; /* as it stands, with its quotes */
	struct span raw;
};

/* Takes what stands before the first parameter ("text/plain"), without a
 * comment behind it. */
struct span media_take_type(struct span *rest);
bool media_next_parameter(struct span *rest, struct parameter *p);

/* Appends the value without quotes and backslashes. */
void media_unquote(struct span value, struct buf *to);

#endif
