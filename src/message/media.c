/* SPDX-License-Identifier: ISC */
/* What a body says of itself. */
#include "message/media.h"

#include "base/limits.h"
#include "base/text.h"
#include "message/encoded.h"
#include "message/header.h"

/* How long is text up to a ";" that is not in quotes or in a comment? */
static size_t
up_to_semicolon(struct span text)
{
	bool quoted = false;
	size_t depth = 0, i;

	for (i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (c == '\\' && (quoted || depth > 0))
			i++;
		else if (c == '"' && depth == 0)
			quoted = !quoted;
		else if (!quoted && c == '(')
			depth++;
		else if (!quoted && c == ')' && depth > 0)
			depth--;
		else if (c == ';' && !quoted && depth == 0)
			break;
	}
	return i < text.len ? i : text.len;
}

struct span
media_take_type(struct span *rest)
{
	size_t n = up_to_semicolon(*rest);
	struct span type = span_trim(span(rest->at, n));
	const char *comment = memchr(type.at, '(', type.len);

	*rest = span_from(*rest, n);
	/* What is not ASCII, and has no end, is none that could be left out. */
	if (comment != NULL &&
	    (!encoded_is_needed(type) || type.at[type.len - 1] == ')'))
		type.len = (size_t)(comment - type.at);
	return span_trim(type);
}

bool
media_next_parameter(struct span *rest, struct parameter *p)
{
	const char *equals;
	size_t n;

	if (rest->len == 0)
		return false;
	*rest = span_from(*rest, 1); /* the ";" */
	n = up_to_semicolon(*rest);
	p->raw = span(rest->at, n);
	*rest = span_from(*rest, n);
	equals = memchr(p->raw.at, '=', p->raw.len);
	n = equals ? (size_t)(equals - p->raw.at) : p->raw.len;
	p->name = span_trim(span(p->raw.at, n));
	p->value = equals ? span_trim(span_from(p->raw, n + 1)) : span("", 0);
	return true;
}

void
media_unquote(struct span value, struct buf *to)
{
	bool quoted = value.len > 0 && value.at[0] == '"';

	for (size_t i = quoted ? 1 : 0; i < value.len; i++) {
		if (quoted && value.at[i] == '"')
			return;
		if (!quoted && strchr(" \t\r\n(", value.at[i]) != NULL)
			return;
		if (quoted && value.at[i] == '\\' && i + 1 < value.len)
			i++;
		if (value.at[i] != '\r' && value.at[i] != '\n')
			buf_add_byte(to, value.at[i]);
	}
}

/* RFC 2231 4: CHARSET'LANGUAGE'VALUE; a boundary has nothing to encode. */
static void
take_extended(struct span value, struct media *m)
{
	struct span part;

	if (span_cut(&value, '\'', &part) && span_cut(&value, '\'', &part) &&
	    memchr(value.at, '%', value.len) == NULL)
		text_copy(m->boundary, sizeof m->boundary, value);
}

static void
read_parameters(struct span rest, struct media *m)
{
	struct parameter p;
	struct buf value;

	buf_init(&value, 1 * KIB);
	while (media_next_parameter(&rest, &p)) {
		buf_clear(&value);
		media_unquote(p.value, &value);
		if (span_is_nocase(p.name, "boundary") && buf_ok(&value) &&
		    m->form == FORM_MULTIPART)
			text_copy(
			    m->boundary, sizeof m->boundary, buf_span(&value));
		else if (span_is_nocase(p.name, "boundary*") && buf_ok(&value))
			take_extended(buf_span(&value), m);
		else if (span_is_nocase(p.name, "charset*"))
			m->ascii = false;
		else if (span_is_nocase(p.name, "charset"))
			m->ascii =
			    span_is_nocase(buf_span(&value), "us-ascii") ||
			    value.len == 0;
	}
	buf_release(&value);
}

static void
read_type(struct span body, struct media *m)
{
	struct span type = media_take_type(&body);

	m->typed = true;
	/* What is not ASCII leaves as something else (field.c). */
	if (encoded_is_needed(type))
		m->form = FORM_OTHER;
	else if (span_starts_nocase(type, "multipart/"))
		m->form = FORM_MULTIPART;
	else if (span_is_nocase(type, "message/rfc822") ||
		 span_is_nocase(type, "message/global"))
		m->form = FORM_MESSAGE;
	else if (span_starts_nocase(type, "message/"))
		m->form = FORM_STATUS;
	else if (span_starts_nocase(type, "text/") || type.len == 0)
		m->form = FORM_TEXT;
	else
		m->form = FORM_OTHER;
	m->is_signed = span_is_nocase(type, "multipart/signed");
	m->is_digest = span_is_nocase(type, "multipart/digest");
	read_parameters(body, m);
}

static void
read_transfer(struct span body, struct media *m)
{
	static const struct {
		const char *name;
		enum transfer transfer;
	} names[] = {
	    {"7bit", TRANSFER_7BIT},
	    {"8bit", TRANSFER_8BIT},
	    {"binary", TRANSFER_BINARY},
	    {"quoted-printable", TRANSFER_QUOTED},
	    {"base64", TRANSFER_BASE64},
	};
	struct span name = media_take_type(&body);
	bool known = name.len > 0 && !encoded_is_needed(name);

	/* One that is not ASCII is left out by token.c. */
	m->transfer = known ? TRANSFER_OTHER : TRANSFER_NONE;
	for (size_t i = 0; known && i < sizeof names / sizeof names[0]; i++)
		if (span_is_nocase(name, names[i].name))
			m->transfer = names[i].transfer;
}

void
media_read(struct span head, struct media *m)
{
	struct field f;

	*m = (struct media){.ascii = true};
	m->versioned = header_find(head, "MIME-Version", &f);
	if (header_find(head, "Content-Type", &f))
		read_type(f.body, m);
	if (header_find(head, "Content-Transfer-Encoding", &f))
		read_transfer(f.body, m);
}
