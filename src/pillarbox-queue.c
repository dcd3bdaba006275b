/* SPDX-License-Identifier: ISC */
/*
 * The store: reads an entry from stdin, makes it durable and prints its id;
 * or lists what it has. Setuid in a system-wide install, so it reads no
 * configuration, has its own ceilings, and believes nobody: id, uid and time
 * are its own words.
 */
#include "base/log.h"
#include "base/process.h"
#include "cli/exitcode.h"
#include "queue/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

struct call {
	bool list;
	const char *path; /* NULL: the system's queue */
};

static int
parse(int argc, char *const argv[], struct call *c, struct error *err)
{
	*c = (struct call){0};
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--list") == 0)
			c->list = true;
		else if (strcmp(argv[i], "--queue") == 0 && i + 1 < argc)
			c->path = argv[++i];
		else
			return error_set(err, ERR_USAGE,
			    "pillarbox-queue is started by pillarbox");
	}
	if (c->path != NULL && c->path[0] != '/')
		return error_set(err, ERR_USAGE, "--queue needs a whole path");
	return 0;
}

static int
take(struct store *s, struct error *err)
{
	char id[ENTRY_ID_SIZE];

	if (store_accept(s, STDIN_FILENO, getuid(), id, err) != 0)
		return -1;
	/* It is ours already: that nobody hears the id changes nothing. */
	printf("%s\n", id);
	fflush(stdout);
	log_info("%s: accepted from uid %lu", id, (unsigned long)getuid());
	return 0;
}

static int
show(struct store *s, const struct queued *q, struct buf *head,
    struct buf *records, struct error *err)
{
	time_t next;
	bool busy;

	buf_clear(head);
	buf_clear(records);
	if (!store_peek(s, q->id, getuid(), head, records, &next, &busy))
		return 0;
	printf("%lld %d %zu %zu\n", (long long)next, busy, head->len,
	    records->len);
	fwrite(head->at, 1, head->len, stdout);
	fwrite(records->at, 1, records->len, stdout);
	if (ferror(stdout))
		return error_errno(err, ERR_IO, "stdout");
	return 0;
}

static int
show_all(struct store *s, struct error *err)
{
	struct queued *queue;
	struct buf head, records;
	size_t count;
	int rc = 0;

	if (store_scan(s, &queue, &count, err) != 0)
		return -1;
	buf_init(&head, ENTRY_HEAD_MAX);
	buf_init(&records, ENTRY_RECORDS_MAX);
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = show(s, &queue[i], &head, &records, err);
	buf_release(&records);
	buf_release(&head);
	free(queue);
	if (rc == 0 && fflush(stdout) != 0)
		rc = error_errno(err, ERR_IO, "stdout");
	return rc;
}

int
main(int argc, char *argv[])
{
	struct error err = {0};
	struct store store;
	struct call call;
	int rc;

	process_start();
	process_guard();
	log_open("pillarbox");
	/* A path is the caller's word, and opened with the caller's rights. */
	if (parse(argc, argv, &call, &err) != 0 ||
	    (call.path != NULL && process_become_caller(&err) != 0) ||
	    store_open(&store,
		call.path ? call.path : LOCALSTATEDIR "/spool/pillarbox",
		call.path != NULL || getuid() == geteuid(), &err) != 0)
		return exitcode_report(&err);
	rc = call.list ? show_all(&store, &err) : take(&store, &err);
	store_close(&store);
	return rc == 0 ? EX_OK : exitcode_report(&err);
}
