/* SPDX-License-Identifier: ISC */
/*
 * Delivery: takes entries to relays. The only program that opens the network
 * or reads a secret. It is started with ids or nothing; a path (--config)
 * makes it give up its privileges first.
 */
#include "base/log.h"
#include "base/process.h"
#include "call.h"
#include "cli/exitcode.h"
#include "deliver.h"
#include "fence.h"
#include "resolve.h"

#include <stddef.h>

/* Who we are from here on. */
static int
become(const struct call *call, struct error *err)
{
	if (call->config != NULL)
		return process_become_caller(err);
	/* Whoever authorizes ends it by the terminal's keys. */
	return process_become_owner(call->due.every > 0 || call->verb->asks
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
	if (call_parse(argc, argv, &call, &err) != 0 ||
	    become(&call, &err) != 0 || process_check_limits(&err) != 0 ||
	    config_load_helper(&config, call.config, &err) != 0)
		return exitcode_report(&err);
	if (choose_log(&call, &config, &err) != 0) {
		config_release(&config);
		return exitcode_report(&err);
	}
	/* What is wrong with them is said where one is looked up. */
	resolve_load(&aliases, &config, &ignored);
	fence(&config, &aliases, call.verb->asks);
	code = courier_init(&courier, &config, &err);
	courier.verbose = call.verbose;
	courier.aliases = aliases;
	if (code == 0)
		code = call.verb->run(&call, &courier, &err);
	courier_release(&courier);
	config_release(&config);
	return code >= 0 ? code : exitcode_report(&err);
}
