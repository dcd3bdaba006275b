/* SPDX-License-Identifier: ISC */
/* The verb of delivery that takes what somebody has seen in the queue. */
#include "due.h"

#include "base/buf.h"
#include "base/io.h"
#include "queue/steer.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

/* Who never ends them does not keep a process of ours. */
#define IDS_PATIENCE 60 /* seconds */

/* The lines of text, each of which becomes a string; the caller's to free. */
static const char **
lines_of(struct buf *text, size_t *count)
{
	char *at = text->len > 0 ? text->at : NULL, *end;
	const char **lines = NULL;

	*count = 0;
	for (size_t i = 0; i < text->len; i++)
		*count += text->at[i] == '\n';
	lines = must_calloc(*count + 1, sizeof *lines);
	for (size_t i = 0; i < *count; i++) {
		end = memchr(at, '\n', (size_t)(text->at + text->len - at));
		*end = '\0';
		lines[i] = at;
		at = end + 1;
	}
	return lines;
}

int
due_listed(struct courier *c, const struct due_options *o, struct error *err)
{
	struct due_options listed = *o;
	const char **ids = NULL;
	struct buf text;
	int code = -1;

	buf_init(&text, STEER_IDS_MAX);
	alarm(IDS_PATIENCE);
	if (io_read_all(STDIN_FILENO, &text, "the ids", err) == 0) {
		alarm(0);
		ids = lines_of(&text, &listed.id_count);
		listed.ids = ids;
		listed.listed = true;
		code = listed.id_count > 0 ? due_flush(c, &listed, err) : EX_OK;
	}
	free(ids);
	buf_release(&text);
	return code;
}
