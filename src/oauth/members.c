/* SPDX-License-Identifier: ISC */
/* Flat JSON objects, by jansson. */
#include "oauth/members.h"

#include "base/limits.h"
#include "base/text.h"

#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A block with its size before it, so that it can be wiped. Aligned for
 * anything. */
#define AHEAD 16

static void *
allocate(size_t size)
{
	char *block = size < SIZE_MAX - AHEAD ? malloc(size + AHEAD) : NULL;

	if (block == NULL)
		return NULL;
	memcpy(block, &size, sizeof size);
	return block + AHEAD;
}

static void
release(void *at)
{
	char *block = at;
	size_t size;

	if (at == NULL)
		return;
	memcpy(&size, block - AHEAD, sizeof size);
	explicit_bzero(block, size);
	free(block - AHEAD);
}

static char **
text_at(const struct member *m, const void *object)
{
	return (char **)(void *)((char *)(uintptr_t)object + m->at);
}

static int64_t *
number_at(const struct member *m, const void *object)
{
	return (int64_t *)(void *)((char *)(uintptr_t)object + m->at);
}

static bool
is_fit(const struct member *m, const char *text, size_t len)
{
	char least = m->kind == MEMBER_WORD ? '!' : ' ';

	if (len == 0 || len > SECRET_MAX)
		return false;
	for (size_t i = 0; i < len; i++)
		if (text[i] < least || text[i] > '~')
			return false;
	return true;
}

/* Servers say these in many ways, and what comes with one that cannot be used
 * is worth more: a refresh token perhaps, the only one that is left. */
static int64_t
number_of(const json_t *value)
{
	double real = json_number_value(value);
	unsigned long long n;

	if (json_is_string(value))
		return text_number(span(json_string_value(value),
				       json_string_length(value)),
			   INT64_MAX, &n)
			   ? (int64_t)n
			   : 0;
	return real > 0 && real < 0x1p62 ? (int64_t)real : 0;
}

static bool
take(const struct member *m, const json_t *value, void *object)
{
	const char *text = json_string_value(value);

	if (value == NULL || json_is_null(value))
		return true;
	if (m->kind == MEMBER_NUMBER) {
		*number_at(m, object) = number_of(value);
		return true;
	}
	if (text == NULL || !is_fit(m, text, json_string_length(value)))
		return m->kind == MEMBER_FREE;
	*text_at(m, object) = must_strdup(text);
	return true;
}

int
members_read(const struct member *table, size_t count, void *object,
    struct span text, struct error *err)
{
	json_error_t ignored;
	json_t *root;
	int rc = 0;

	json_set_alloc_funcs(allocate, release);
	root = json_loadb(text.at, text.len,
	    JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL,
	    &ignored);
	if (!json_is_object(root)) {
		json_decref(root);
		return error_set(err, ERR_TEMPORARY, "no JSON object");
	}
	for (size_t i = 0; i < count; i++)
		if (!take(&table[i], json_object_get(root, table[i].name),
			object) &&
		    rc == 0)
			rc = error_set(err, ERR_TEMPORARY,
			    "\"%s\" is not what it should be", table[i].name);
	json_decref(root);
	return rc;
}

static int
add(const char *text, size_t len, void *to)
{
	buf_add(to, text, len);
	return 0;
}

void
members_write(const struct member *table, size_t count, const void *object,
    struct buf *to)
{
	json_t *root;

	json_set_alloc_funcs(allocate, release);
	root = json_object();
	for (size_t i = 0; i < count; i++) {
		const struct member *m = &table[i];

		if (m->kind == MEMBER_NUMBER && *number_at(m, object) != 0)
			json_object_set_new(
			    root, m->name, json_integer(*number_at(m, object)));
		else if (m->kind != MEMBER_NUMBER &&
			 *text_at(m, object) != NULL)
			json_object_set_new(
			    root, m->name, json_string(*text_at(m, object)));
	}
	/* A writer that fails, or no memory: nothing is taken for it. */
	if (json_dump_callback(root, add, to, JSON_COMPACT) != 0)
		buf_clear(to);
	buf_add_byte(to, '\n');
	json_decref(root);
}

void
members_release(const struct member *table, size_t count, void *object)
{
	for (size_t i = 0; i < count; i++) {
		const struct member *m = &table[i];
		char **text = text_at(m, object);

		if (m->kind == MEMBER_NUMBER) {
			*number_at(m, object) = 0;
			continue;
		}
		if (*text != NULL)
			explicit_bzero(*text, strlen(*text));
		free(*text);
		*text = NULL;
	}
}
