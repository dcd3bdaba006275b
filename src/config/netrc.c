/* SPDX-License-Identifier: ISC */
/* Passwords in a netrc. */
#include "config/netrc.h"

#include "base/limits.h"

#include <stdbool.h>

enum keyword {
	MACHINE,
	DEFAULT,
	LOGIN,
	PASSWORD,
	ACCOUNT,
	MACDEF,
	NO_KEYWORD,
};

static const char *const keywords[NO_KEYWORD] = {
    "machine", "default", "login", "password", "account", "macdef"};

struct netrc {
	const char *path;
	struct span rest;
	int line;
	struct buf word; /* the last one */
	/* of the entry that we are in */
	bool begun, ours;
	bool found; /* a password is in it */
};

static int
fault(const struct netrc *n, const char *why, struct error *err)
{
	return error_set(err, ERR_CONFIG, "%s:%d: %s", n->path, n->line, why);
}

static char
step(struct netrc *n)
{
	char c = n->rest.at[0];

	n->rest = span_from(n->rest, 1);
	n->line += c == '\n';
	return c;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void
skip_blanks(struct netrc *n)
{
	while (n->rest.len > 0 && is_blank(n->rest.at[0]))
		step(n);
}

static void
skip_line(struct netrc *n)
{
	while (n->rest.len > 0 && step(n) != '\n')
		continue;
}

/* Behind the first quote. */
static int
take_quoted(struct netrc *n, struct error *err)
{
	while (n->rest.len > 0 && n->rest.at[0] != '\n') {
		char c = step(n);

		if (c == '"')
			return 1;
		if (c == '\\' && n->rest.len > 0 && n->rest.at[0] != '\n')
			c = step(n);
		buf_add_byte(&n->word, c);
	}
	return fault(n, "a quote that is never closed", err);
}

/* The next word. 1; 0 at the end; -1 with err. */
static int
take_word(struct netrc *n, struct error *err)
{
	int rc = 1;

	buf_wipe(&n->word);
	skip_blanks(n);
	if (n->rest.len == 0)
		return 0;
	if (n->rest.at[0] == '"') {
		step(n);
		rc = take_quoted(n, err);
	} else {
		while (n->rest.len > 0 && !is_blank(n->rest.at[0]))
			buf_add_byte(&n->word, step(n));
	}
	if (rc > 0 && !buf_ok(&n->word))
		return fault(n, "a word is too long", err);
	return rc;
}

static bool
is_machine(const struct netrc *n, char *const *machines)
{
	for (; *machines != NULL; machines++)
		if (span_is_nocase(buf_span(&n->word), *machines))
			return true;
	return false;
}

/* To the empty line behind it. */
static void
skip_macro(struct netrc *n)
{
	skip_line(n);
	while (n->rest.len > 0 && n->rest.at[0] != '\n' &&
	       !span_starts(n->rest, "\r\n"))
		skip_line(n);
}

static enum keyword
keyword_of(struct span word)
{
	enum keyword k = MACHINE;

	while (k < NO_KEYWORD && !span_is(word, keywords[k]))
		k++;
	return k;
}

/* A keyword, and the word behind it that goes with it; NO_KEYWORD with rc 0 at
 * the end. */
static int
take_pair(struct netrc *n, enum keyword *k, struct error *err)
{
	int rc;

	for (skip_blanks(n); span_starts(n->rest, "#"); skip_blanks(n))
		skip_line(n);
	*k = NO_KEYWORD;
	rc = take_word(n, err);
	if (rc <= 0)
		return rc;
	*k = keyword_of(buf_span(&n->word));
	if (*k == NO_KEYWORD)
		return fault(n,
		    "a word that is none of machine, default, login, password, "
		    "account and macdef; a password with blanks in it stands "
		    "in double quotes",
		    err);
	if (*k == DEFAULT)
		return 1;
	if (!n->begun && *k != MACHINE && *k != MACDEF)
		return fault(n, "begins without a machine", err);
	rc = take_word(n, err);
	return rc == 0 ? fault(n, "ends behind a keyword", err) : rc;
}

/* In an entry, or at the beginning of the next one. */
static void
heed(struct netrc *n, enum keyword k, char *const *machines, const char *login,
    struct buf *password)
{
	switch (k) {
	case MACHINE:
	case DEFAULT:
		n->begun = true;
		n->ours = k == DEFAULT || is_machine(n, machines);
		n->found = false;
		buf_wipe(password);
		break;
	case LOGIN:
		n->ours = n->ours && span_is(buf_span(&n->word), login);
		break;
	case PASSWORD:
		n->found = true;
		buf_wipe(password);
		buf_add_span(password, buf_span(&n->word));
		break;
	case MACDEF:
		skip_macro(n);
		break;
	default:
		break;
	}
}

static int
find(struct netrc *n, char *const *machines, const char *login,
    struct buf *password, struct error *err)
{
	enum keyword k;
	int rc;

	while ((rc = take_pair(n, &k, err)) > 0) {
		if (k <= DEFAULT && n->ours && n->found)
			return 0;
		heed(n, k, machines, login, password);
	}
	if (rc < 0 || (n->ours && n->found))
		return rc;
	return error_set(err, ERR_CONFIG,
	    "%s: no password for the machine %s and the login %s", n->path,
	    machines[0] != NULL ? machines[0] : "", login);
}

int
netrc_find(const char *path, struct span text, char *const *machines,
    const char *login, struct buf *password, struct error *err)
{
	struct netrc n = {.path = path, .rest = text, .line = 1};
	int rc;

	buf_init(&n.word, SECRET_MAX);
	buf_room(&n.word, SECRET_MAX);
	rc = find(&n, machines, login, password, err);
	if (rc != 0)
		buf_wipe(password);
	buf_wipe(&n.word);
	buf_release(&n.word);
	return rc;
}
