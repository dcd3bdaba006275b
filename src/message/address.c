/* SPDX-License-Identifier: ISC */
/* The parser of address lists: a scanner and a handful of productions. */
#include "message/address.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"

#include <stdlib.h>

/* Nested comments beyond this are an attack, not a remark. */
#define COMMENT_DEPTH_MAX 32

/* Where we are, and the local part or phrase collected so far. */
struct scanner {
	struct span rest;
	struct buf words; /* local part being built, unquoted */
	size_t word_count;
	bool gap; /* two words with no dot between: a phrase */
	bool dot_last;
	struct error *err;
};

static int
bad(struct scanner *s, const char *why)
{
	return error_set(s->err, ERR_RECIPIENT, "%s", why);
}

static bool
is_atom(char c)
{
	return !text_is_control(c) && strchr("()<>[]:;@\\,.\" ", c) == NULL;
}

static int
skip_comment(struct scanner *s)
{
	size_t depth = 0;

	do {
		char c;

		if (s->rest.len == 0)
			return bad(s, "comment without its closing \")\"");
		c = s->rest.at[0];
		if (c == '\\' && s->rest.len > 1)
			s->rest = span_from(s->rest, 1);
		else if (c == '(' && ++depth > COMMENT_DEPTH_MAX)
			return bad(s, "comments nested too deeply");
		else if (c == ')')
			depth--;
		s->rest = span_from(s->rest, 1);
	} while (depth > 0);
	return 0;
}

/* Steps over blanks, folds and comments (CFWS, RFC 5322 3.2.2). */
static int
skip_blanks(struct scanner *s)
{
	while (s->rest.len > 0) {
		char c = s->rest.at[0];

		if (c == '(') {
			if (skip_comment(s) != 0)
				return -1;
		} else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
			s->rest = span_from(s->rest, 1);
		} else {
			break;
		}
	}
	return 0;
}

static char
peek(const struct scanner *s)
{
	return s->rest.len > 0 ? s->rest.at[0] : '\0';
}

static void
add_word(struct scanner *s)
{
	if (s->word_count > 0 && !s->dot_last) {
		s->gap = true;
		buf_add_byte(&s->words, ' ');
	}
	s->word_count++;
	s->dot_last = false;
}

static int
take_quoted(struct scanner *s)
{
	add_word(s);
	for (s->rest = span_from(s->rest, 1); peek(s) != '"';
	     s->rest = span_from(s->rest, 1)) {
		if (peek(s) == '\r' || peek(s) == '\n')
			continue; /* a fold: only its blank counts */
		if (peek(s) == '\\' && s->rest.len > 1)
			s->rest = span_from(s->rest, 1);
		if (s->rest.len == 0)
			return bad(s, "quoted string without its closing \"");
		buf_add_byte(&s->words, peek(s));
	}
	s->rest = span_from(s->rest, 1);
	return 0;
}

static void
take_atom(struct scanner *s)
{
	size_t n = 0;

	add_word(s);
	while (n < s->rest.len && is_atom(s->rest.at[n]))
		n++;
	buf_add(&s->words, s->rest.at, n);
	s->rest = span_from(s->rest, n);
}

/* Collects words and dots up to a special: a local part, or a phrase. */
static int
take_words(struct scanner *s)
{
	buf_clear(&s->words);
	s->word_count = 0;
	s->gap = s->dot_last = false;
	for (;;) {
		if (skip_blanks(s) != 0)
			return -1;
		if (s->rest.len == 0)
			return 0;
		if (peek(s) == '"') {
			if (take_quoted(s) != 0)
				return -1;
		} else if (peek(s) == '.') {
			buf_add_byte(&s->words, '.');
			s->dot_last = true;
			s->rest = span_from(s->rest, 1);
		} else if (is_atom(peek(s))) {
			take_atom(s);
		} else if (text_is_control(peek(s)) || peek(s) == '\0') {
			return bad(s, "control character");
		} else {
			return 0;
		}
	}
}

/* "[" anything "]" (RFC 5321 4.1.3); its inside is judged later. */
static int
take_literal(struct scanner *s, struct buf *to)
{
	struct span inside;

	if (!span_cut(&s->rest, ']', &inside) || s->rest.at[-1] != ']')
		return bad(s, "\"[\" without its \"]\"");
	buf_add_span(to, inside);
	buf_add_byte(to, ']');
	return skip_blanks(s);
}

/* Atoms and dots, blanks and comments between them allowed (RFC 5322 4.4). */
static int
take_domain(struct scanner *s, struct buf *to)
{
	if (skip_blanks(s) != 0)
		return -1;
	if (peek(s) == '[')
		return take_literal(s, to);
	for (;;) {
		while (s->rest.len > 0 && is_atom(peek(s))) {
			buf_add_byte(to, peek(s));
			s->rest = span_from(s->rest, 1);
		}
		if (skip_blanks(s) != 0)
			return -1;
		if (peek(s) != '.')
			return 0;
		buf_add_byte(to, '.');
		s->rest = span_from(s->rest, 1);
		if (skip_blanks(s) != 0)
			return -1;
	}
}

/* Is text a dot-atom, so that it may stand without quotes? */
static bool
is_dot_atom(struct span text)
{
	if (text.len == 0 || text.at[0] == '.' || text.at[text.len - 1] == '.')
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] == '.' ? text.at[i - 1] == '.'
				      : !is_atom(text.at[i]))
			return false;
	return true;
}

static void
add_local_part(struct buf *to, struct span local)
{
	if (is_dot_atom(local)) {
		buf_add_span(to, local);
		return;
	}
	buf_add_byte(to, '"');
	for (size_t i = 0; i < local.len; i++) {
		if (local.at[i] == '"' || local.at[i] == '\\')
			buf_add_byte(to, '\\');
		buf_add_byte(to, local.at[i]);
	}
	buf_add_byte(to, '"');
}

/* The collected words are a local part; what follows may be its domain. */
static int
finish_address(struct scanner *s, struct address_list *list)
{
	struct buf address;
	int rc = -1;

	buf_init(&address, 4 * KIB);
	if (s->gap || s->word_count == 0) {
		rc = bad(s, s->gap ? "words where an address should be"
				   : "address without a local part");
		goto out;
	}
	add_local_part(&address, buf_span(&s->words));
	if (peek(s) == '@') {
		buf_add_byte(&address, '@');
		s->rest = span_from(s->rest, 1);
		if (take_domain(s, &address) != 0)
			goto out;
	}
	if (!buf_ok(&address) || !buf_ok(&s->words)) {
		rc = bad(s, "address too long");
		goto out;
	}
	if (address_check(buf_span(&address), s->err) != 0)
		goto out;
	list->at = must_realloc(list->at, list->count + 1, sizeof list->at[0]);
	list->at[list->count++] = must_strdup(buf_text(&address));
	rc = 0;
out:
	buf_release(&address);
	return rc;
}

/* "<" [ "@" domain *( "," "@" domain ) ":" ] addr-spec ">" */
static int
take_angle(struct scanner *s, struct address_list *list)
{
	struct buf route;
	int rc = -1;

	buf_init(&route, 4 * KIB);
	s->rest = span_from(s->rest, 1);
	if (skip_blanks(s) != 0)
		goto out;
	while (peek(s) == '@' || peek(s) == ',') {
		s->rest = span_from(s->rest, 1);
		if (take_domain(s, &route) != 0)
			goto out;
		if (peek(s) == ':') {
			s->rest = span_from(s->rest, 1);
			break;
		}
	}
	if (take_words(s) != 0 || finish_address(s, list) != 0 ||
	    skip_blanks(s) != 0)
		goto out;
	if (peek(s) != '>') {
		rc = bad(s, "\"<\" without its \">\"");
		goto out;
	}
	s->rest = span_from(s->rest, 1);
	rc = skip_blanks(s);
out:
	buf_release(&route);
	return rc;
}

static int
take_list(struct scanner *s, struct address_list *list)
{
	bool in_group = false;

	for (;;) {
		if (take_words(s) != 0)
			return -1;
		if (peek(s) == ':' && !in_group) {
			in_group = true;
			s->rest = span_from(s->rest, 1);
			continue;
		}
		if (peek(s) == '<') {
			if (take_angle(s, list) != 0)
				return -1;
		} else if (s->word_count > 0 || peek(s) == '@') {
			if (finish_address(s, list) != 0 || skip_blanks(s) != 0)
				return -1;
		}
		if (peek(s) == ';' && in_group) {
			in_group = false;
			s->rest = span_from(s->rest, 1);
			if (skip_blanks(s) != 0)
				return -1;
		}
		if (s->rest.len == 0)
			return 0;
		if (peek(s) != ',')
			return error_set(s->err, ERR_RECIPIENT,
			    "unexpected \"%c\"", peek(s));
		s->rest = span_from(s->rest, 1);
	}
}

int
address_parse_list(
    struct span text, struct address_list *list, struct error *err)
{
	struct scanner s = {.rest = text, .err = err};
	struct address_list found = {0};
	char shown[80];
	int rc;

	buf_init(&s.words, 4 * KIB);
	rc = take_list(&s, &found);
	buf_release(&s.words);
	if (rc != 0) {
		address_list_release(&found);
		text_copy_printable(shown, sizeof shown, span_trim(text));
		return error_prefix(err, "%s", shown);
	}
	list->at = must_realloc(
	    list->at, list->count + found.count, sizeof list->at[0]);
	for (size_t i = 0; i < found.count; i++)
		list->at[list->count++] = found.at[i];
	free(found.at);
	return 0;
}

int
address_parse_one(struct span text, char **address, struct error *err)
{
	struct address_list list = {0};
	struct span trimmed = span_trim(text);

	if (trimmed.len == 0 || span_is(trimmed, "<>")) {
		*address = must_strdup("");
		return 0;
	}
	if (address_parse_list(text, &list, err) != 0)
		return -1;
	if (list.count != 1) {
		size_t n = list.count;

		address_list_release(&list);
		return error_set(
		    err, ERR_RECIPIENT, "%zu addresses where one should be", n);
	}
	*address = list.at[0];
	free(list.at);
	return 0;
}

void
address_list_release(struct address_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->at[i]);
	free(list->at);
	*list = (struct address_list){0};
}

size_t
address_domain(struct span address)
{
	for (size_t i = address.len; i > 0; i--)
		if (address.at[i - 1] == '@')
			return i;
	return address.len;
}

bool
address_is_utf8(struct span address)
{
	for (size_t i = 0; i < address.len; i++)
		if ((unsigned char)address.at[i] >= 0x80)
			return true;
	return false;
}

/* A dot-atom, or a quoted string with its inner quotes escaped. */
static bool
is_local_part(struct span local)
{
	if (local.at[0] != '"')
		return is_dot_atom(local);
	if (local.len < 2)
		return false;
	for (size_t i = 1; i + 1 < local.len; i++) {
		if (local.at[i] == '"')
			return false;
		if (local.at[i] == '\\' && ++i + 1 == local.len)
			return false;
	}
	return local.at[local.len - 1] == '"';
}

static int
check_domain(struct span domain, struct error *err)
{
	bool literal = domain.len > 2 && domain.at[0] == '[' &&
		       domain.at[domain.len - 1] == ']';

	if (domain.len == 0)
		return error_set(err, ERR_RECIPIENT, "nothing after the \"@\"");
	if (domain.len > DOMAIN_MAX)
		return error_set(err, ERR_RECIPIENT,
		    "domain longer than %d octets", DOMAIN_MAX);
	for (size_t i = 0; i < domain.len; i++) {
		char c = domain.at[i];
		bool fine = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
			    (c >= 'A' && c <= 'Z') || c == '-' || c == '_' ||
			    (unsigned char)c >= 0x80;

		if (c == '.' && !literal)
			fine = i > 0 && i + 1 < domain.len &&
			       domain.at[i - 1] != '.';
		else if (literal)
			fine = fine || c == '.' || c == ':' ||
			       (c == '[' && i == 0) ||
			       (c == ']' && i + 1 == domain.len);
		if (!fine)
			return error_set(err, ERR_RECIPIENT,
			    "domain has a \"%c\" where none may be", c);
	}
	return 0;
}

int
address_check(struct span address, struct error *err)
{
	size_t at = address_domain(address);
	bool bare = at == address.len && (at == 0 || address.at[at - 1] != '@');
	size_t local = bare ? address.len : at - 1;

	if (address.len == 0)
		return error_set(err, ERR_RECIPIENT, "empty address");
	for (size_t i = 0; i < address.len; i++)
		if (text_is_control(address.at[i]))
			return error_set(
			    err, ERR_RECIPIENT, "control character in address");
	if (local == 0)
		return error_set(
		    err, ERR_RECIPIENT, "nothing before the \"@\"");
	if (local > LOCAL_PART_MAX)
		return error_set(err, ERR_RECIPIENT,
		    "local part longer than %d octets", LOCAL_PART_MAX);
	if (!is_local_part(span(address.at, local)))
		return error_set(err, ERR_RECIPIENT,
		    "\"%.*s\" cannot stand before the \"@\" unquoted",
		    (int)local, address.at);
	if (address.len > PATH_MAX_5321)
		return error_set(err, ERR_RECIPIENT,
		    "address longer than %d octets", PATH_MAX_5321);
	return bare ? 0 : check_domain(span_from(address, at), err);
}
