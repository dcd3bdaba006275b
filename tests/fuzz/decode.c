/* SPDX-License-Identifier: ISC */
/* A reader of our own output. */
#include "decode.h"

#include "base/limits.h"

#include <stdio.h>
#include <stdlib.h>

/* Header and content of part n. */
static bool
find(struct span message, const char *boundary, int n, struct span *head,
    struct span *content)
{
	char line[64];
	size_t len = (size_t)snprintf(line, sizeof line, "\r\n--%s", boundary);
	const char *at = message.at, *end = message.at + message.len, *next;

	for (;; n--) {
		at = memmem(at, (size_t)(end - at), line, len);
		if (at == NULL || (size_t)(end - at) < len + 2 ||
		    memcmp(at + len, "--", 2) == 0)
			return false;
		at += len + 2;
		if (n == 0)
			break;
		at -= 2; /* the line end may begin the next boundary */
	}
	next = memmem(at - 2, (size_t)(end - at) + 2, line, len);
	if (next == NULL)
		return false;
	*head = span(at, (size_t)(next - at));
	at = memmem(at, head->len + 2, "\r\n\r\n", 4);
	if (at == NULL)
		return false;
	head->len = (size_t)(at + 2 - head->at);
	at += 4;
	*content = span(at, at < next ? (size_t)(next - at) : 0);
	return true;
}

void
decode_normalize(struct span bytes, bool text, struct buf *to)
{
	for (size_t i = 0; i < bytes.len; i++)
		if (!text || bytes.at[i] != '\r' || i + 1 == bytes.len ||
		    bytes.at[i + 1] != '\n')
			buf_add_byte(to, bytes.at[i]);
}

static int
hex(char c)
{
	const char *digits = "0123456789ABCDEF", *at;

	at = c != '\0' ? strchr(digits, c) : NULL;
	return at != NULL ? (int)(at - digits) : -1;
}

static void
decode_quoted(struct span code, struct buf *to)
{
	for (size_t i = 0; i < code.len; i++) {
		if (code.at[i] != '=') {
			buf_add_byte(to, code.at[i]);
			continue;
		}
		if (i + 2 >= code.len)
			abort();
		if (memcmp(code.at + i + 1, "\r\n", 2) != 0) {
			int high = hex(code.at[i + 1]);
			int low = hex(code.at[i + 2]);

			if (high < 0 || low < 0)
				abort();
			buf_add_byte(to, (char)(high << 4 | low));
		}
		i += 2;
	}
}

static void
decode_base64(struct span code, struct buf *to)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned bits = 0, value = 0;

	for (size_t i = 0; i < code.len; i++) {
		const char *at;

		if (code.at[i] == '\r' || code.at[i] == '\n' ||
		    code.at[i] == '=')
			continue;
		at = code.at[i] ? strchr(alphabet, code.at[i]) : NULL;
		if (at == NULL)
			abort();
		value = value << 6 | (unsigned)(at - alphabet);
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			buf_add_byte(to, (char)(value >> bits & 0xff));
		}
	}
}

static bool
says(struct span head, const char *what)
{
	return memmem(head.at, head.len, what, strlen(what)) != NULL;
}

bool
decode_is_base64(struct span message, const char *boundary, int n)
{
	struct span head, content;

	return find(message, boundary, n, &head, &content) &&
	       says(head, "Content-Transfer-Encoding: base64\r\n");
}

bool
decode_part(struct span message, const char *boundary, int n, struct buf *to)
{
	struct span head, content;
	bool text, base64;
	struct buf plain;

	if (!find(message, boundary, n, &head, &content))
		return false;
	text = says(head, "Content-Type: text/");
	base64 = says(head, "Content-Transfer-Encoding: base64\r\n");
	buf_init(&plain, 64 * MIB);
	if (base64)
		decode_base64(content, &plain);
	else if (says(head, "Content-Transfer-Encoding: quoted-printable\r\n"))
		decode_quoted(content, &plain);
	else
		buf_add_span(&plain, content);
	decode_normalize(buf_span(&plain), text || !base64, to);
	buf_release(&plain);
	return true;
}
