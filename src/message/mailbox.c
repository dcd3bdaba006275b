/* SPDX-License-Identifier: ISC */
/* The mailboxes of an address field. */
#include "message/mailbox.h"

#include "base/limits.h"
#include "message/address.h"
#include "message/lexeme.h"
#include "message/phrase.h"

#include <stdlib.h>

/* A name that is made of comments is no longer, so that it fits a line. */
#define NAME_MAX_MADE 256

static struct span
up_to(const char *from, const char *to)
{
	return span(from, (size_t)(to - from));
}

/* From "<" on: up to the next comma or semicolon. */
static void
take_angle(struct span *rest, struct mailbox *m)
{
	size_t n = lexeme_up_to(*rest, ">");

	n += n < rest->len;
	m->spec = span(rest->at, n);
	*rest = span_from(*rest, n);
	*rest = span_from(*rest, lexeme_up_to(*rest, ",;"));
}

bool
mailbox_next(struct span *rest, struct mailbox *m)
{
	const char *begin = rest->at;

	for (;;) {
		size_t n = lexeme_up_to(*rest, "<,:;");
		char stop = n < rest->len ? rest->at[n] : '\0';
		struct span part = span(rest->at, n);

		*rest = span_from(*rest, n);
		if (stop == '<' || (stop != ':' && lexeme_core(part) > 0)) {
			m->lead = up_to(begin, part.at);
			m->name = span_trim(span(part.at, stop == '<' ? n : 0));
			m->spec = part;
			if (stop == '<')
				take_angle(rest, m);
			m->whole = up_to(part.at, rest->at);
			return true;
		}
		if (rest->len == 0)
			break;
		*rest = span_from(*rest, 1);
	}
	m->lead = up_to(begin, rest->at);
	return false;
}

char *
mailbox_address(const struct mailbox *m)
{
	struct error ignored;
	char *address;

	if (address_parse_one(m->spec, &address, &ignored) != 0)
		return NULL;
	if (address[0] != '\0')
		return address;
	free(address);
	return NULL;
}

/* The inside of a comment: no quoting, no folds. */
static void
add_inside(struct span comment, struct buf *to)
{
	size_t end = comment.len > 1 ? comment.len - 1 : comment.len;

	for (size_t i = 1; i < end; i++) {
		char c = comment.at[i];

		if (c == '\\' && i + 1 < end)
			c = comment.at[++i];
		if (c != '\r' && c != '\n')
			buf_add_byte(to, c);
	}
}

/* Each comment of m behind a blank, in brackets if wanted. */
static void
add_comments(const struct mailbox *m, bool brackets, struct buf *to)
{
	struct span text = m->whole;

	while (text.len > 0) {
		size_t n = lexeme_length(text);

		if (text.at[0] == '(') {
			buf_add_text(to, brackets ? " (" : " ");
			add_inside(span(text.at, n), to);
			buf_add_text(to, brackets ? ")" : "");
		}
		text = span_from(text, n);
	}
}

/* RFC 2047 5 (3): may it stand in a phrase as it is? */
static bool
is_encoded(struct span word)
{
	if (word.len < 6 || !span_starts(word, "=?") ||
	    word.at[word.len - 1] != '=' || word.at[word.len - 2] != '?')
		return false;
	for (size_t i = 0; i < word.len; i++)
		if (strchr("0123456789abcdefghijklmnopqrstuvwxyz"
			   "ABCDEFGHIJKLMNOPQRSTUVWXYZ!*+-/=?_",
			word.at[i]) == NULL ||
		    word.at[i] == '\0')
			return false;
	return true;
}

/* Within quotes an encoded word would be no more than its letters. */
static void
add_words(struct span text, struct buf *to)
{
	struct span word;

	while (span_cut(&text, ' ', &word)) {
		word = span_trim(word);
		if (word.len == 0)
			continue;
		buf_add_byte(to, ' ');
		if (is_encoded(word))
			buf_add_span(to, word);
		else
			phrase_add_name(word, to);
	}
}

static void
add_made(const struct mailbox *m, struct span local, const char *domain,
    struct buf *to)
{
	struct buf comments, name;

	buf_init(&comments, HEADER_BLOCK_MAX);
	buf_init(&name, HEADER_BLOCK_MAX);
	add_comments(m, true, &comments);
	buf_add_span(&name, local);
	if (comments.len == 0 || comments.len > NAME_MAX_MADE) {
		buf_clear(&comments);
		if (domain[0] != '\0')
			buf_printf(&name, " at %s", domain);
	} else if (memmem(comments.at, comments.len, "=?", 2) == NULL) {
		buf_add_span(&name, buf_span(&comments));
		buf_clear(&comments);
	}
	phrase_add_name(buf_span(&name), to);
	if (comments.len > 0) {
		buf_clear(&comments);
		add_comments(m, false, &comments);
		add_words(buf_span(&comments), to);
	}
	buf_release(&name);
	buf_release(&comments);
}

void
mailbox_add_name(const struct mailbox *m, const char *address, struct buf *to)
{
	size_t at;

	if (m->name.len > 0) {
		buf_add_span(to, m->name);
		return;
	}
	if (address == NULL)
		return;
	at = address_domain(span_of(address));
	add_made(
	    m, span(address, at - (address[at] != '\0')), address + at, to);
}

void
mailbox_add_in(const struct mailbox *m, const char *domain, struct buf *to)
{
	struct span spec = m->spec;
	size_t at = lexeme_up_to(spec, "@"), end;

	/* An obsolete route stands before the last "@" (RFC 5322 4.4). */
	for (size_t n = at; n < spec.len;) {
		at = n++;
		n += lexeme_up_to(span_from(spec, n), "@");
	}
	buf_add_span(to, up_to(m->whole.at, spec.at));
	at = at < spec.len ? at + 1 : at;
	buf_add(to, spec.at, at);
	buf_add_text(to, domain);
	spec = span_from(spec, at);
	end = lexeme_up_to(spec, ">");
	end = end < spec.len ? end : lexeme_core(spec);
	buf_add_span(to, span_from(spec, end));
	buf_add_span(
	    to, up_to(m->spec.at + m->spec.len, m->whole.at + m->whole.len));
}
