/* SPDX-License-Identifier: ISC */
/* Base64. */
#include "message/base64.h"

#include <nettle/base64.h>

void
base64_add(struct span bytes, struct buf *to)
{
	size_t len = BASE64_ENCODE_RAW_LENGTH(bytes.len);
	char *room = buf_room(to, len);

	if (room == NULL)
		return;
	base64_encode_raw(room, bytes.len, (const uint8_t *)bytes.at);
	buf_grown(to, len);
}

bool
base64_read(struct span text, struct buf *to)
{
	struct base64_decode_ctx context;
	size_t n = BASE64_DECODE_LENGTH(text.len);
	char *room = buf_room(to, n);

	base64_decode_init(&context);
	if (room == NULL ||
	    !base64_decode_update(
		&context, &n, (uint8_t *)room, text.len, text.at) ||
	    !base64_decode_final(&context))
		return false;
	buf_grown(to, n);
	return true;
}

void
base64_init(struct base64 *b)
{
	*b = (struct base64){0};
}

static void
add_line(struct span bytes, struct buf *to)
{
	base64_add(bytes, to);
	buf_add_text(to, "\r\n");
}

void
base64_take(struct base64 *b, struct span bytes, struct buf *to)
{
	while (b->len + bytes.len >= BASE64_LINE) {
		size_t n = BASE64_LINE - b->len;

		memcpy(b->held + b->len, bytes.at, n);
		add_line(span(b->held, BASE64_LINE), to);
		b->len = 0;
		bytes = span_from(bytes, n);
	}
	if (bytes.len > 0)
		memcpy(b->held + b->len, bytes.at, bytes.len);
	b->len += bytes.len;
}

void
base64_end(struct base64 *b, struct buf *to)
{
	if (b->len > 0)
		add_line(span(b->held, b->len), to);
	b->len = 0;
}
