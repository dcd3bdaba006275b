/* SPDX-License-Identifier: ISC */
/* Completing a header block. */
#include "message/complete.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/text.h"
#include "message/header.h"

/* Bcc: RFC 5322 3.6.3. Return-Path is written by the last hop, RFC 5321 4.4. */
static const char *const removed[] = {"Bcc", "Resent-Bcc", "Return-Path"};

bool
complete_removes(struct span name)
{
	for (size_t i = 0; i < sizeof removed / sizeof removed[0]; i++)
		if (span_is_nocase(name, removed[i]))
			return true;
	return false;
}

/* So that From fits into a line (RFC 5322 2.1.1), with room to spare. */
#define NAME_MAX_PLAIN 256

/* RFC 5322 3.2.3: may stand in a phrase without quotes; blanks between. */
static bool
is_phrase(const char *name)
{
	for (; *name != '\0'; name++)
		if (strchr("()<>[]:;@\\,.\"", *name) != NULL)
			return false;
	return true;
}

/* A name that would need encoding is left out rather than sent raw. */
static bool
is_plain(const char *name)
{
	if (name[0] == '\0' || strlen(name) > NAME_MAX_PLAIN)
		return false;
	for (; *name != '\0'; name++)
		if (text_is_control(*name) || (unsigned char)*name >= 0x80)
			return false;
	return true;
}

static void
add_from(const struct completion *c, struct buf *to)
{
	if (!is_plain(c->full_name)) {
		buf_printf(to, "From: %s\r\n", c->sender);
		return;
	}
	buf_add_text(to, "From: ");
	if (is_phrase(c->full_name)) {
		buf_add_text(to, c->full_name);
	} else {
		buf_add_byte(to, '"');
		for (const char *at = c->full_name; *at != '\0'; at++) {
			if (*at == '"' || *at == '\\')
				buf_add_byte(to, '\\');
			buf_add_byte(to, *at);
		}
		buf_add_byte(to, '"');
	}
	buf_printf(to, " <%s>\r\n", c->sender);
}

void
complete_header(struct span head, const struct completion *c, struct buf *to)
{
	struct span rest = head;
	struct field f;
	char text[CLOCK_TEXT_SIZE], id[ENTRY_ID_SIZE];

	while (header_next(&rest, &f))
		if (!complete_removes(f.name))
			buf_add_span(to, f.whole);
	if (!header_find(head, "Date", &f)) {
		clock_rfc5322((time_t)(c->now_us / 1000000), text);
		buf_printf(to, "Date: %s\r\n", text);
	}
	if (!header_find(head, "From", &f))
		add_from(c, to);
	if (!header_find(head, "Message-ID", &f)) {
		id_new(c->now_us, id);
		buf_printf(to, "Message-ID: <%s@%s>\r\n", id, c->host_name);
	}
	buf_add_text(to, "\r\n");
}
