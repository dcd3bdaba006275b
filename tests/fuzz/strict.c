/* SPDX-License-Identifier: ISC */
/* What every message that leaves must be. */
#include "strict.h"

#include "base/limits.h"
#include "message/utf8.h"
#include "message/wire.h"

#include <stdio.h>
#include <stdlib.h>

void
strict_must(bool fine, const char *why, struct span text)
{
	if (fine)
		return;
	fprintf(stderr, "NOT STRICT: %s in:\n", why);
	fwrite(text.at, 1, text.len < 4096 ? text.len : 4096, stderr);
	fprintf(stderr, "\n");
	abort();
}

static void
check_lines(struct span text)
{
	struct wire_check wire;
	struct span rest = text, line;

	wire_check_init(&wire);
	wire_check_take(&wire, text);
	strict_must(
	    wire_check_end(&wire), "CR or LF alone, NUL, or no line end", text);
	while (span_cut(&rest, '\n', &line))
		strict_must(line.len <= TEXT_LINE_MAX + 1,
		    "a line over 998 octets", line);
}

static bool
has_controls(struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		if (c == 0x7f ||
		    (c < ' ' && c != '\t' && c != '\r' && c != '\n'))
			return true;
	}
	return false;
}

void
strict_field(const struct field *f, bool utf8)
{
	check_lines(f->whole);
	strict_must(f->name.len > 0, "a line that is no field", f->whole);
	strict_must(!has_controls(f->whole), "a control character", f->whole);
	strict_must(utf8 || !wire_is_eight_bit(f->whole), "8-bit", f->whole);
	strict_must(utf8_is_valid(f->whole), "no UTF-8", f->whole);
}

size_t
strict_count(struct span head, const char *name)
{
	struct field f;
	size_t n = 0;

	while (header_next(&head, &f))
		n += span_is_nocase(f.name, name);
	return n;
}

void
strict_header(struct span head, bool utf8)
{
	struct span rest = head;
	struct field f;

	while (header_next(&rest, &f))
		strict_field(&f, utf8);
	strict_must(strict_count(head, "Date") == 1, "not one Date", head);
	strict_must(strict_count(head, "From") == 1, "not one From", head);
	strict_must(
	    strict_count(head, "Message-ID") == 1, "not one Message-ID", head);
	strict_must(strict_count(head, "Bcc") == 0, "a Bcc", head);
	strict_must(
	    strict_count(head, "Resent-Bcc") == 0, "a Resent-Bcc", head);
	strict_must(
	    strict_count(head, "Return-Path") == 0, "a Return-Path", head);
}

void
strict_message(struct span message, bool utf8)
{
	const char *end =
	    memmem(message.at, message.len, "\r\n\r\n", strlen("\r\n\r\n"));

	check_lines(message);
	strict_must(end != NULL, "no end of the header", message);
	strict_header(span(message.at, (size_t)(end - message.at) + 2), utf8);
}
