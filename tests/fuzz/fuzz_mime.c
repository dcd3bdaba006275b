/* SPDX-License-Identifier: ISC */
/*
 * A whole message: what comes out is strict, needs no mending again, and a
 * part decodes to what it was. The first octet says how it is done.
 */
#include "decode.h"
#include "strict.h"
#include "target.h"
#include "whole.h"

#include "base/limits.h"
#include "message/wire.h"

/* Bits of the first octet. */
#define SEVEN_BIT 0x01
#define WALK 0x02
#define TEXT 0x08         /* the rest is the content of a text part */
#define OTHER 0x10        /* or of one that is no text */
#define SMALL_MEMORY 0xe4 /* all of these: spools go to files early */

static void
check_result(const struct whole *w, bool seven_bit)
{
	struct span out = buf_span(&w->out);
	struct span body = span_from(out, w->head);

	strict_must(buf_ok(&w->out), "too much", out);
	strict_message(out, w->message.utf8);
	strict_must(w->message.eight_bit || !wire_is_eight_bit(out),
	    "8-bit that is not announced", out);
	strict_must(!seven_bit || w->body_is_kept || !wire_is_eight_bit(body),
	    "8-bit where none may be", out);
}

/* Once more, and nothing is changed. */
static void
check_again(const struct whole *w, const struct whole_wish *wish)
{
	struct span out = buf_span(&w->out);
	struct whole again;

	strict_must(whole_make(&again, out, wish) == 0,
	    "a message that is refused the second time", out);
	strict_must(again.out.len == out.len &&
			memcmp(again.out.at, out.at, out.len) == 0,
	    "a message that is mended twice", out);
	whole_release(&again);
}

/* A signature covers the body, so that only line ends may have changed. */
static void
check_kept(const struct whole *w, struct span message)
{
	struct span out = buf_span(&w->out);
	size_t size = (size_t)w->message.in.body.size;
	struct span body = span(message.at + message.len - size, size);
	struct buf sent;
	char last = '\0';

	buf_init(&sent, 64 * MIB);
	wire_convert(body, &last, &sent);
	wire_close(last, &sent);
	strict_must(
	    out.len >= sent.len && memcmp(out.at + out.len - sent.len,
				       buf_span(&sent).at, sent.len) == 0,
	    "a body that is signed and was changed", out);
	buf_release(&sent);
}

static void
whole_message(struct span message, const struct whole_wish *wish)
{
	struct whole w;

	if (whole_make(&w, message, wish) == 0) {
		check_result(&w, wish->seven_bit);
		check_again(&w, wish);
		if (w.body_is_kept)
			check_kept(&w, message);
	} else {
		strict_must(
		    w.err.text[0] != '\0', "an error without words", message);
	}
	whole_release(&w);
}

#define HEAD                                                         \
	"From: a@b\nDate: x\nMessage-ID: <x@y>\nMIME-Version: 1.0\n" \
	"Content-Type: multipart/mixed; boundary=\"=b\"\n\n"
#define FOLLOWS "\n--=b\nContent-Type: text/x-last\n\nl\303\244st\n--=b--\n"

static bool
has_boundary(struct span bytes)
{
	struct span line;

	while (span_cut(&bytes, '\n', &line))
		if (span_starts(line, "--=b"))
			return true;
	return false;
}

/* bytes as one part of a multipart. */
static void
wrapped(struct span bytes, bool text, const struct whole_wish *wish)
{
	struct buf message, want, got;
	struct span out;
	struct whole w;

	/* CR at the end would be part of the line end that follows. */
	if (has_boundary(bytes) ||
	    (bytes.len > 0 && bytes.at[bytes.len - 1] == '\r'))
		return;
	buf_init(&message, 64 * MIB);
	buf_init(&want, 64 * MIB);
	buf_init(&got, 64 * MIB);
	buf_add_text(&message, HEAD "--=b\n");
	buf_printf(&message, "Content-Type: %s\n\n",
	    text ? "text/x-first" : "application/x-first");
	buf_add_span(&message, bytes);
	buf_add_text(&message, FOLLOWS);
	strict_must(whole_make(&w, buf_span(&message), wish) == 0,
	    "a plain message that is refused", bytes);
	out = buf_span(&w.out);
	check_result(&w, wish->seven_bit);
	check_again(&w, wish);
	strict_must(decode_part(out, "=b", 0, &got), "no first part", out);
	decode_normalize(bytes, text || !decode_is_base64(out, "=b", 0), &want);
	strict_must(got.len == want.len &&
			memcmp(buf_text(&got), buf_text(&want), want.len) == 0,
	    "a part that is another", out);
	buf_clear(&got);
	strict_must(decode_part(out, "=b", 1, &got), "no second part", out);
	strict_must(strcmp(buf_text(&got), "l\303\244st") == 0,
	    "a second part that is another", out);
	whole_release(&w);
	buf_release(&got);
	buf_release(&want);
	buf_release(&message);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct whole_wish wish = {0};
	struct span bytes;

	if (size == 0)
		return 0;
	bytes = span((const char *)data + 1, size - 1);
	wish.seven_bit = data[0] & SEVEN_BIT;
	wish.walk = data[0] & WALK;
	wish.memory = (data[0] & SMALL_MEMORY) == SMALL_MEMORY ? 64 : 0;
	if (data[0] & (TEXT | OTHER))
		wrapped(bytes, data[0] & TEXT, &wish);
	else
		whole_message(bytes, &wish);
	return 0;
}
