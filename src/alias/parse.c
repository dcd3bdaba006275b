/* SPDX-License-Identifier: ISC */
/* The lines of the aliases file. */
#include "alias/aliases.h"
#include "alias/list_file.h"
#include "base/buf.h"
#include "base/limits.h"
#include "message/address.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Both words are in use elsewhere for the catch-all. */
#define CATCH_ALL "*"
#define CATCH_ALL_TOO "default"

struct parser {
	struct aliases *a;
	struct alias *last; /* what a line may continue; NULL: nothing */
	bool comma;         /* its last line ended with one, or was empty */
	int line;
};

/* The first line that is wrong counts: the others may be its echo. */
static void __attribute__((format(printf, 2, 3)))
wrong(struct parser *p, const char *fmt, ...)
{
	struct error why;
	char text[sizeof why.text / 2];
	va_list ap;

	p->last = NULL;
	if (p->a->wrong != NULL)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	error_set(&why, ERR_CONFIG, "%s:%d: %s", p->a->path, p->line, text);
	p->a->wrong = must_strdup(why.text);
}

static void
lower(char *text)
{
	for (; *text != '\0'; text++)
		if (*text >= 'A' && *text <= 'Z')
			*text = (char)(*text - 'A' + 'a');
}

/* Takes what stands before the first ":" that is not in quotes. */
static bool
cut_name(struct span *line, struct span *name)
{
	bool quoted = false;

	for (size_t i = 0; i < line->len; i++) {
		char c = line->at[i];

		if (c == '\\' && quoted && i + 1 < line->len) {
			i++;
		} else if (c == '"') {
			quoted = !quoted;
		} else if (c == ':' && !quoted) {
			*name = span_trim(span(line->at, i));
			*line = span_from(*line, i + 1);
			return true;
		}
	}
	return false;
}

/* As it would stand in an envelope, so that the two can be compared. */
static char *
read_name(struct parser *p, struct span text)
{
	struct error err;
	char *name;

	if (text.len == 0) {
		wrong(p, "no name before the \":\"");
		return NULL;
	}
	if (address_parse_one(text, &name, &err) != 0) {
		wrong(p, "%s; a name like that needs quotes", err.text);
		return NULL;
	}
	lower(name);
	if (name[0] != '\0' && address_domain(span_of(name)) == strlen(name)) {
		if (strcmp(name, CATCH_ALL_TOO) == 0)
			snprintf(name, sizeof CATCH_ALL, CATCH_ALL);
		return name;
	}
	wrong(p, "%.*s: an alias is a name without a domain", SPAN_ARG(text));
	free(name);
	return NULL;
}

/* An alias begins; line is what is left of it. */
static bool
begin(struct parser *p, struct span *line)
{
	struct aliases *a = p->a;
	struct span text;
	char *name;

	if (a->count == ALIAS_COUNT_MAX) {
		wrong(p, "more than %d aliases", ALIAS_COUNT_MAX);
		return false;
	}
	if (!cut_name(line, &text)) {
		wrong(p, "no alias; write \"name: address\", and begin what "
			 "continues a line with a blank");
		return false;
	}
	name = read_name(p, text);
	if (name == NULL)
		return false;
	a->at = must_realloc(a->at, a->count + 1, sizeof a->at[0]);
	a->at[a->count] = (struct alias){.name = name, .line = p->line};
	p->last = &a->at[a->count++];
	p->comma = true;
	return true;
}

static void
take_line(struct parser *p, struct span line)
{
	bool continues = line.at[0] == ' ' || line.at[0] == '\t';

	if (!continues && !begin(p, &line))
		return;
	/* What continues a line that is wrong has been told of with it. */
	if (p->last == NULL && p->a->wrong == NULL)
		wrong(p, "a line that begins with a blank, and continues none");
	line = span_trim(line);
	if (p->last == NULL || line.len == 0)
		return;
	if (!p->comma && line.at[0] != ',')
		targets_add_wrong(&p->last->to, p->line,
		    "a comma is missing between this line and the one before");
	targets_parse(&p->last->to, line, p->line);
	p->comma = line.at[line.len - 1] == ',';
}

static int
compare(const void *one, const void *two)
{
	const struct alias *a = one, *b = two;
	int rc = strcmp(a->name, b->name);

	return rc != 0 ? rc : a->line - b->line;
}

/* Of two of one name nobody knows which is meant. */
static void
check_alias(struct aliases *a, size_t i)
{
	struct alias *one = &a->at[i];
	struct error why = {0};

	if (i + 1 < a->count && strcmp(one->name, one[1].name) == 0)
		error_set(&why, ERR_CONFIG,
		    "there is another one in line %d; make them one",
		    one[1].line);
	else if (i > 0 && strcmp(one->name, one[-1].name) == 0)
		error_set(&why, ERR_CONFIG,
		    "there is another one in line %d; make them one",
		    one[-1].line);
	else if (one->to.count == 0)
		error_set(&why, ERR_CONFIG,
		    "stands for nobody; write an address, or /dev/null to "
		    "throw its mail away");
	else
		return;
	one->wrong = must_strdup(why.text);
}

void
aliases_parse(struct aliases *a, const char *path, struct span text)
{
	struct parser p = {.a = a};
	struct span line;

	a->path = must_strdup(path);
	while (list_file_line(&text, &line, &p.line))
		take_line(&p, line);
	if (a->count > 0)
		qsort(a->at, a->count, sizeof a->at[0], compare);
	for (size_t i = 0; i < a->count; i++)
		check_alias(a, i);
}

static int
compare_name(const void *name, const void *alias)
{
	return strcmp(name, ((const struct alias *)alias)->name);
}

const struct alias *
aliases_find(const struct aliases *a, struct span name)
{
	char key[LOCAL_PART_MAX + 1];
	const struct alias *found;

	if (a->count == 0 || name.len >= sizeof key)
		return NULL;
	memcpy(key, name.at, name.len);
	key[name.len] = '\0';
	lower(key);
	found = bsearch(key, a->at, a->count, sizeof a->at[0], compare_name);
	/* The first of several, whose line comes first. */
	while (
	    found != NULL && found > a->at && strcmp(found[-1].name, key) == 0)
		found--;
	return found;
}

const struct alias *
aliases_catch_all(const struct aliases *a)
{
	return aliases_find(a, span_of(CATCH_ALL));
}
