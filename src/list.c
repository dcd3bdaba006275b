/* SPDX-License-Identifier: ISC */
/*
 * The verb of mailq and --list: the store hands over heads and records as
 * they stand in its files, this side reads and shows them.
 */
#include "list.h"

#include "base/buf.h"
#include "base/process.h"
#include "base/text.h"
#include "cli/listing.h"
#include "config/config.h"
#include "config/paths.h"

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

/* The line before each entry: NEXT BUSY HEAD RECORDS (see pillarbox-queue.c).
 */
struct frame {
	time_t next;
	bool busy;
	size_t head;
	size_t records;
};

static bool
take_frame(struct span line, struct frame *f)
{
	unsigned long long value[4];
	struct span word;

	for (size_t i = 0; i < 4; i++)
		if (!span_cut(&line, ' ', &word) ||
		    !text_number(word, INT64_MAX, &value[i]))
			return false;
	if (value[2] > ENTRY_HEAD_MAX || value[3] > ENTRY_RECORDS_MAX)
		return false;
	*f = (struct frame){.next = (time_t)value[0],
	    .busy = value[1] != 0,
	    .head = (size_t)value[2],
	    .records = (size_t)value[3]};
	return true;
}

static bool
read_bytes(FILE *from, struct buf *to, size_t len)
{
	char *room;

	buf_clear(to);
	room = buf_room(to, len);
	if (room == NULL || fread(room, 1, len, from) != len)
		return false;
	buf_grown(to, len);
	return true;
}

struct lister {
	bool json;
	struct listing_total total;
	struct buf head;
	struct buf records;
};

static int
show(struct lister *l, const struct frame *f, struct error *err)
{
	struct entry e;
	struct listed listed = {.entry = &e, .next = f->next, .busy = f->busy};

	if (entry_decode(&e, true, buf_span(&l->head), err) != 0)
		return -1;
	entry_apply_all(&e, buf_span(&l->records));
	if (l->json)
		listing_json(&listed, stdout);
	else
		listing_text(&listed, &l->total, stdout);
	entry_release(&e);
	return 0;
}

static int
show_all(struct lister *l, FILE *from, struct error *err)
{
	char line[128];

	while (fgets(line, sizeof line, from) != NULL) {
		struct frame f;

		if (!take_frame(span_trim(span_of(line)), &f) ||
		    !read_bytes(from, &l->head, f.head) ||
		    !read_bytes(from, &l->records, f.records))
			return error_set(
			    err, ERR_IO, "the store's list is not whole");
		if (show(l, &f, err) != 0)
			return -1;
	}
	return 0;
}

static int
run_store(const struct config *c, struct lister *l, struct error *err)
{
	char *program = paths_helper("pillarbox-queue");
	const char *argv[5] = {program, "--list"};
	struct child store;
	FILE *from;
	int rc, code;

	if (c->own) {
		argv[2] = "--queue";
		argv[3] = c->queue_path;
	}
	rc = child_start(&store, argv, CHILD_STDOUT, err);
	free(program);
	if (rc != 0)
		return -1;
	from = fdopen(store.from, "r");
	if (from == NULL) {
		child_wait(&store);
		return error_errno(err, ERR_TEMPORARY, "out of memory");
	}
	rc = show_all(l, from, err);
	store.from = -1;
	fclose(from);
	code = child_wait(&store);
	if (rc != 0)
		return -1;
	if (code < 0)
		return error_set(err, ERR_TEMPORARY, "the store was killed");
	return code;
}

int
list(const struct options *o, struct error *err)
{
	struct lister l = {.json = o->json};
	struct config config;
	int code = EX_OK;

	if (config_load(&config, o->config, err) != 0)
		return -1;
	buf_init(&l.head, ENTRY_HEAD_MAX);
	buf_init(&l.records, ENTRY_RECORDS_MAX);
	if (config.queue_enabled)
		code = run_store(&config, &l, err);
	if (code == EX_OK && !o->json)
		listing_text_end(&l.total, stdout);
	if (code == EX_OK && fflush(stdout) != 0)
		code = error_errno(err, ERR_IO, "stdout");
	buf_release(&l.head);
	buf_release(&l.records);
	config_release(&config);
	return code;
}
