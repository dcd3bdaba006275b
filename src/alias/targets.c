/* SPDX-License-Identifier: ISC */
/* What an alias stands for: lists of targets. */
#include "alias/aliases.h"
#include "alias/list_file.h"
#include "base/limits.h"
#include "base/text.h"
#include "message/address.h"

#include <limits.h>
#include <stdlib.h>

/* Of what is wrong, in an error. */
#define SHOWN_MAX 80

static void
add(struct alias_targets *to, enum target_kind kind, char *text, int line)
{
	to->at = must_realloc(to->at, to->count + 1, sizeof to->at[0]);
	to->at[to->count++] =
	    (struct alias_target){.kind = kind, .text = text, .line = line};
}

void
targets_add_wrong(struct alias_targets *to, int line, const char *why)
{
	add(to, TARGET_WRONG, must_strdup(why), line);
}

void
targets_release(struct alias_targets *to)
{
	for (size_t i = 0; i < to->count; i++)
		free(to->at[i].text);
	free(to->at);
	*to = (struct alias_targets){0};
}

static void
add_wrong(struct alias_targets *to, int line, struct span item, const char *why)
{
	char shown[SHOWN_MAX];
	struct error text;

	text_copy_printable(shown, sizeof shown, item);
	error_set(&text, ERR_CONFIG, "%s: %s", shown, why);
	targets_add_wrong(to, line, text.text);
}

static bool
has(struct span text, const char *chars)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] != '\0' && strchr(chars, text.at[i]) != NULL)
			return true;
	return false;
}

/* The address itself, perhaps with a name. What a group is nobody knows here;
 * it is rather a line that has lost its end. */
static void
add_address(struct alias_targets *to, enum target_kind kind, struct span item,
    struct span text, int line)
{
	struct error err;
	char *address;

	if (!has(text, "\"[") && has(text, ":"))
		add_wrong(to, line, item,
		    "a \":\" within; begin each alias in a line of its own");
	else if (address_parse_one(text, &address, &err) != 0)
		targets_add_wrong(to, line, err.text);
	else if (address[0] == '\0') {
		free(address);
		add_wrong(to, line, item, "no address");
	} else
		add(to, kind, address, line);
}

static void
add_list(struct alias_targets *to, struct span item, struct span path, int line)
{
	path = span_trim(path);
	for (size_t i = 0; i < path.len; i++)
		if (text_is_control(path.at[i]))
			path.len = 0;
	if (path.len == 0 || path.at[0] != '/' || path.len >= PATH_MAX)
		add_wrong(to, line, item,
		    "write :include: and a whole path, from \"/\"");
	else
		add(to, TARGET_LIST, must_spandup(path), line);
}

static void
add_item(struct alias_targets *to, struct span item, int line)
{
	static const char include[] = ":include:";
	struct span text = item;

	/* Who writes a path with blanks quotes all of it. */
	if (item.len >= 2 && item.at[0] == '"' && item.at[item.len - 1] == '"')
		text = span(item.at + 1, item.len - 2);
	if (span_is(text, "/dev/null"))
		add(to, TARGET_NOTHING, NULL, line);
	else if (span_starts(text, "|"))
		add_wrong(to, line, item,
		    "mail is not given to programs; write an address");
	else if (span_starts(text, "/") && !has(text, "@"))
		add_wrong(to, line, item,
		    "mail is not put into files; write an address, or "
		    "/dev/null to throw it away");
	else if (span_starts_nocase(text, include))
		add_list(to, item, span_from(text, sizeof include - 1), line);
	else if (span_starts(text, ":"))
		add_wrong(to, line, item,
		    "of these only :include:/path is known; write an address");
	else if (span_starts(item, "\\"))
		add_address(to, TARGET_NAME, item, span_from(item, 1), line);
	else
		add_address(to, TARGET_ADDRESS, item, item, line);
}

/* How long the first item of text is: up to a comma that is not within quotes,
 * brackets or a comment. */
static size_t
item_length(struct span text)
{
	bool quoted = false;
	int depth = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (c == '\\' && i + 1 < text.len && (quoted || depth > 0))
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (quoted)
			continue;
		else if (c == '<' || c == '(' || c == '[')
			depth++;
		else if (c == '>' || c == ')' || c == ']')
			depth--;
		else if (c == ',' && depth <= 0)
			return i;
	}
	return text.len;
}

void
targets_parse(struct alias_targets *to, struct span text, int line)
{
	if (text.len > ALIAS_LINE_MAX) {
		add_wrong(to, line, text, "a line longer than 64 KiB");
		return;
	}
	while (text.len > 0) {
		size_t n = item_length(text);
		struct span item = span_trim(span(text.at, n));

		if (item.len > 0)
			add_item(to, item, line);
		text = span_from(text, n < text.len ? n + 1 : n);
	}
}

int
targets_read(
    struct alias_targets *to, const char *path, bool public, struct error *err)
{
	struct span rest, line;
	struct stat st;
	struct buf text;
	bool missing;
	int number = 0;
	int rc;

	buf_init(&text, ALIAS_FILE_MAX);
	rc = list_file_read(path, public, &text, &st, &missing, err);
	rest = buf_span(&text);
	while (rc == 0 && list_file_line(&rest, &line, &number))
		targets_parse(to, line, number);
	buf_release(&text);
	return rc;
}
