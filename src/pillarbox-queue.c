/* SPDX-License-Identifier: ISC */
/*
 * The store: reads an entry from stdin, makes it durable and prints its id; or
 * one of the other verbs (verbs.h). Setuid in a system-wide install, so it
 * reads no configuration, has its own ceilings, and believes nobody: id, uid
 * and time are its own words.
 */
#include "base/log.h"
#include "base/process.h"
#include "cli/exitcode.h"
#include "patience.h"
#include "queue/store.h"
#include "serve.h"
#include "verbs.h"

#include <string.h>
#include <unistd.h>

struct call {
	const struct verb *verb;
	const char *id;   /* of a verb that takes one */
	bool socket;      /* the call comes over a connection */
	const char *path; /* NULL: the system's queue */
	const char *log;  /* "json" or "none"; NULL: as ever */
};

static const struct verb *
verb_of(const char *argument)
{
	return strncmp(argument, "--", 2) == 0 ? verb_find(argument + 2) : NULL;
}

static int
parse(int argc, char *const argv[], struct call *c, struct error *err)
{
	*c = (struct call){.verb = verb_find(NULL)};
	for (int i = 1; i < argc; i++) {
		const struct verb *verb = verb_of(argv[i]);

		if (verb != NULL)
			c->verb = verb;
		if (verb != NULL && verb->takes_id && i + 1 < argc)
			c->id = argv[++i];
		else if (strcmp(argv[i], "--queue") == 0 && i + 1 < argc)
			c->path = argv[++i];
		else if (strcmp(argv[i], "--log") == 0 && i + 1 < argc)
			c->log = argv[++i];
		else if (strcmp(argv[i], "--socket") == 0 && argc == 2)
			c->socket = true;
		else if (verb == NULL)
			return error_set(err, ERR_USAGE,
			    "pillarbox-queue is started by pillarbox");
	}
	if (c->path != NULL && c->path[0] != '/')
		return error_set(err, ERR_USAGE, "--queue needs a whole path");
	if (c->verb->takes_id != (c->id != NULL))
		return error_set(
		    err, ERR_USAGE, "--%s: which message?", c->verb->name);
	return 0;
}

/* The log of the system is not for everybody to switch off. */
static void
choose_log(const struct call *c)
{
	if (c->log == NULL || (c->path == NULL && !process_is_trusted()))
		return;
	log_choose(strcmp(c->log, "none") == 0 ? LOG_TO_NOTHING : LOG_TO_SYSLOG,
	    strcmp(c->log, "json") == 0);
}

/* Who called the front may not show what is said on stderr. */
static void
log_refusal(const struct call *c, const struct error *err)
{
	if (c->verb->accepts)
		log_warning("not taken from uid %lu: %s",
		    (unsigned long)process_caller(), err->text);
}

/* A path is the caller's word, and opened with the caller's rights. */
static int
run(const struct call *c, int patience, struct error *err)
{
	const char *path = c->path ? c->path : LOCALSTATEDIR "/spool/pillarbox";
	struct store store;
	int rc;

	if (store_open(&store, path, process_caller() == geteuid(), err) != 0) {
		log_refusal(c, err);
		return -1;
	}
	store.patience = patience;
	rc = verb_run(c->verb, &store, c->id, err);
	if (rc < 0)
		log_refusal(c, err);
	store_close(&store);
	return rc;
}

/*
 * Only who is the owner already, or root, may say that there is a connection:
 * it tells who calls, and anybody can get one whose other end is root's.
 */
static int
serve(struct error *err)
{
	struct served s;
	struct call call;
	int code = -1;

	if (process_caller() != geteuid() && process_caller() != 0) {
		error_set(err, ERR_PERMISSION, "--socket is for a service");
		return exitcode_report(err);
	}
	if (serve_begin(&s, err) == 0 && parse(s.argc, s.argv, &call, err) == 0)
		code = run(&call, 0, err);
	return serve_end(code, err);
}

int
main(int argc, char *argv[])
{
	struct error err = {0};
	struct call call;
	int patience = 0, code;

	process_start();
	process_guard();
	log_open("pillarbox");
	if (parse(argc, argv, &call, &err) != 0 ||
	    (call.path != NULL ? process_become_caller(&err)
			       : process_become_owner(LEAVE_SILENT, &err)) != 0)
		return exitcode_report(&err);
	if (call.socket)
		return serve(&err);
	choose_log(&call);
	if (!process_is_trusted()) {
		patience_begin();
		patience = PATIENCE_INPUT;
	}
	code = run(&call, patience, &err);
	return code >= 0 ? code : exitcode_report(&err);
}
