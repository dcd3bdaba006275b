/* SPDX-License-Identifier: ISC */
/*
 * Delivery: takes entries to relays. The only program that opens the network
 * or reads a secret. It is started with ids or nothing; a path (--config)
 * makes it give up its privileges first.
 */
#include "base/io.h"
#include "base/log.h"
#include "base/process.h"
#include "cli/exitcode.h"
#include "consent.h"
#include "deliver.h"
#include "direct.h"
#include "due.h"
#include "fence.h"
#include "giveback.h"
#include "inspect.h"
#include "resolve.h"
#include "secrets.h"

#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

static const struct option longs[] = {
    {"config", required_argument, NULL, 'C'},
    {"relay", required_argument, NULL, 'r'},
    {"verbose", no_argument, NULL, 'v'},
    {"force", no_argument, NULL, 'F'},
    {"every", required_argument, NULL, 'e'},
    {"json", no_argument, NULL, 'j'},
    {"flush", no_argument, NULL, 'f'},
    {"ids", no_argument, NULL, 'I'},
    {"foreground", required_argument, NULL, 'i'},
    {"background", required_argument, NULL, 'b'},
    {"direct", no_argument, NULL, 'd'},
    {"bounce", no_argument, NULL, 'B'},
    {"probe", no_argument, NULL, 'p'},
    {"secrets", no_argument, NULL, 's'},
    {"authorize", required_argument, NULL, 'A'},
    {0},
};

struct call {
	int verb; /* one of f, i, b, d, B, p, s, A */
	bool verbose;
	bool json; /* the log goes to stderr, as that */
	bool ids;  /* of a flush: they come on stdin */
	const char *config;
	const char *authorize; /* the relay's name, of A */
	struct due_options due;
};

static int
parse(int argc, char *argv[], struct call *call, struct error *err)
{
	int c;

	*call = (struct call){0};
	opterr = 0;
	while ((c = getopt_long(argc, argv, "+", longs, NULL)) != -1) {
		switch (c) {
		case 'C':
			call->config = optarg;
			break;
		case 'r':
			call->due.relay = optarg;
			break;
		case 'v':
			call->verbose = true;
			break;
		case 'F':
			call->due.force = true;
			break;
		case 'I':
			call->ids = true;
			break;
		case 'j':
			call->json = true;
			break;
		case 'e':
			/* In seconds, and checked by who asks. */
			call->due.every = (time_t)strtol(optarg, NULL, 10);
			break;
		case 'A':
			call->authorize = optarg;
			call->verb = c;
			break;
		case 'i':
		case 'b':
			call->due.id = optarg;
			/* FALLTHROUGH */
		case 'f':
		case 'd':
		case 'B':
		case 'p':
		case 's':
			call->verb = c;
			break;
		default:
			call->verb = 0;
			optind = argc;
			break;
		}
	}
	call->due.ids = (const char *const *)argv + optind;
	call->due.id_count = (size_t)(argc - optind);
	if (call->verb == 0)
		return error_set(err, ERR_USAGE,
		    "pillarbox-deliver is started by pillarbox");
	return 0;
}

/* Who never says anything does not keep a process of ours. */
#define ID_PATIENCE_MS 60000

/*
 * The id of "-": a line of stdin, from a caller that has the message queued
 * meanwhile. False: it was not.
 */
static bool
hear_id(char id[ENTRY_ID_SIZE])
{
	struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
	ssize_t n = -1;

	if (poll(&p, 1, ID_PATIENCE_MS) > 0)
		n = io_read(STDIN_FILENO, id, ENTRY_ID_SIZE);
	if (n < 2 || id[n - 1] != '\n')
		return false;
	id[n - 1] = '\0';
	return true;
}

static int
deliver_now(struct courier *c, const char *given, struct error *err)
{
	char heard[ENTRY_ID_SIZE];

	if (strcmp(given, "-") != 0)
		return due_now(c, given, err);
	return hear_id(heard) ? due_now(c, heard, err) : EX_OK;
}

static int
run(const struct call *call, struct courier *c, struct error *err)
{
	switch (call->verb) {
	case 'f':
		return call->ids ? due_listed(c, &call->due, err)
				 : due_flush(c, &call->due, err);
	case 'i':
		return deliver_now(c, call->due.id, err);
	case 'b':
		/* Nobody listens; mailq and the log say what happened. */
		return due_background(c, call->due.id, err);
	case 'B':
		return giveback(c, err);
	case 'p':
		return inspect(c, call->due.relay, err);
	case 's':
		return secrets(c->config, err);
	default:
		return direct(c, STDIN_FILENO, err);
	}
}

/* Who we are from here on. */
static int
become(const struct call *call, struct error *err)
{
	if (call->config != NULL)
		return process_become_caller(err);
	/* Whoever authorizes ends it by the terminal's keys. */
	return process_become_owner(call->due.every > 0 || call->verb == 'A'
					? LEAVE_RESIDENT
					: LEAVE_HEARD,
	    err);
}

/*
 * What is on stderr may concern anybody's mail. A resident speaks there where
 * nobody else listens: in a container.
 */
static int
choose_log(const struct call *call, const struct config *c, struct error *err)
{
	enum log_target target = call->json ? LOG_TO_STDERR : c->log;

	if (call->json && !process_is_trusted())
		return error_set(err, ERR_PERMISSION,
		    "--json is for root, or the owner of the queue");
	if (target == LOG_TO_STDERR && !process_is_trusted())
		target = LOG_TO_SYSLOG;
	if (target == LOG_TO_SYSLOG && call->due.every > 0 &&
	    process_is_trusted() && !log_has_syslog())
		target = LOG_TO_STDERR;
	log_choose(target, call->json || c->log_json);
	return 0;
}

int
main(int argc, char *argv[])
{
	struct error err = {0}, ignored;
	struct aliases aliases = {0};
	struct courier courier;
	struct config config;
	struct call call;
	int code;

	process_start();
	process_guard();
	log_open("pillarbox");
	if (parse(argc, argv, &call, &err) != 0 || become(&call, &err) != 0 ||
	    process_check_limits(&err) != 0 ||
	    config_load_helper(&config, call.config, &err) != 0)
		return exitcode_report(&err);
	if (choose_log(&call, &config, &err) != 0) {
		config_release(&config);
		return exitcode_report(&err);
	}
	/* What is wrong with them is said where one is looked up. */
	resolve_load(&aliases, &config, &ignored);
	fence(&config, &aliases, call.verb == 'A');
	if (call.verb == 'A') {
		aliases_release(&aliases);
		code = consent(&config, call.authorize, &err);
		config_release(&config);
		return code >= 0 ? code : exitcode_report(&err);
	}
	code = courier_init(&courier, &config, &err);
	courier.verbose = call.verbose;
	courier.aliases = aliases;
	if (code == 0)
		code = run(&call, &courier, &err);
	courier_release(&courier);
	config_release(&config);
	return code >= 0 ? code : exitcode_report(&err);
}
