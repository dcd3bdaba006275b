/* SPDX-License-Identifier: ISC */
/* The parser of address lists: a handful of productions over scan.h. */
#include "message/address.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "message/atom.h"
#include "message/idn.h"
#include "message/scan.h"

#include <stdlib.h>

static void
add_local_part(struct buf *to, struct span local)
{
	if (atom_is_dotted(local)) {
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

/* "@" and the domain, in ASCII: only a local part can need SMTPUTF8. */
static int
add_domain(struct scanner *s, struct buf *address)
{
	struct buf domain;
	int rc;

	buf_init(&domain, 4 * KIB);
	buf_add_byte(address, '@');
	s->rest = span_from(s->rest, 1);
	rc = scan_domain(s, &domain);
	if (rc == 0 && !address_is_utf8(buf_span(&domain)))
		buf_add_span(address, buf_span(&domain));
	else if (rc == 0 && !idn_to_ascii(buf_span(&domain), address))
		rc = scan_bad(s, "the domain is no international one");
	if (!buf_ok(&domain))
		rc = scan_bad(s, "domain too long");
	buf_release(&domain);
	return rc;
}

/* The collected words are a local part; what follows may be its domain. */
static int
finish_address(struct scanner *s, struct address_list *list)
{
	struct buf address;
	int rc = -1;

	buf_init(&address, 4 * KIB);
	if (s->gap || s->word_count == 0) {
		rc = scan_bad(s, s->gap ? "words where an address should be"
					: "address without a local part");
		goto out;
	}
	add_local_part(&address, buf_span(&s->words));
	if (scan_peek(s) == '@' && add_domain(s, &address) != 0)
		goto out;
	if (!buf_ok(&address) || !buf_ok(&s->words)) {
		rc = scan_bad(s, "address too long");
		goto out;
	}
	if (address_check(buf_span(&address), s->err) != 0)
		goto out;
	list->at = must_grow(list->at, list->count, sizeof list->at[0]);
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
	bool routed = false;
	int rc = -1;

	buf_init(&route, 4 * KIB);
	s->rest = span_from(s->rest, 1);
	if (scan_blanks(s) != 0)
		goto out;
	while (scan_peek(s) == '@' || (routed && scan_peek(s) == ',')) {
		routed = true;
		s->rest = span_from(s->rest, 1);
		if (scan_domain(s, &route) != 0)
			goto out;
	}
	if (routed && scan_peek(s) != ':') {
		rc = scan_bad(s, "a route without its \":\"");
		goto out;
	}
	if (routed)
		s->rest = span_from(s->rest, 1);
	if (scan_words(s) != 0 || finish_address(s, list) != 0 ||
	    scan_blanks(s) != 0)
		goto out;
	if (scan_peek(s) != '>') {
		rc = scan_bad(s, "\"<\" without its \">\"");
		goto out;
	}
	s->rest = span_from(s->rest, 1);
	rc = scan_blanks(s);
out:
	buf_release(&route);
	return rc;
}

static int
take_list(struct scanner *s, struct address_list *list)
{
	bool in_group = false;

	for (;;) {
		if (scan_words(s) != 0)
			return -1;
		if (scan_peek(s) == ':' && !in_group) {
			in_group = true;
			s->rest = span_from(s->rest, 1);
			continue;
		}
		if (scan_peek(s) == '<') {
			if (take_angle(s, list) != 0)
				return -1;
		} else if (s->word_count > 0 || s->dot_last ||
			   scan_peek(s) == '@') {
			if (finish_address(s, list) != 0 || scan_blanks(s) != 0)
				return -1;
		}
		if (scan_peek(s) == ';' && in_group) {
			in_group = false;
			s->rest = span_from(s->rest, 1);
			if (scan_blanks(s) != 0)
				return -1;
		}
		if (s->rest.len == 0)
			return 0;
		if (scan_peek(s) != ',')
			return error_set(s->err, ERR_RECIPIENT,
			    "unexpected \"%c\"", scan_peek(s));
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
	for (size_t i = 0; i < found.count; i++) {
		list->at = must_grow(list->at, list->count, sizeof list->at[0]);
		list->at[list->count++] = found.at[i];
	}
	free(found.at);
	return 0;
}

char *
address_join(const char *local, const char *domain)
{
	struct buf b;
	char *address;

	buf_init(&b, 4 * KIB);
	add_local_part(&b, span_of(local));
	buf_printf(&b, "@%s", domain);
	address = must_strdup(buf_ok(&b) ? buf_text(&b) : "");
	buf_release(&b);
	return address;
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
