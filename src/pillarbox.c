/* SPDX-License-Identifier: ISC */
/* The front: name and options -> verb -> exit code. */
#include "authorize.h"
#include "base/error.h"
#include "base/log.h"
#include "base/process.h"
#include "check.h"
#include "cli/exitcode.h"
#include "cli/options.h"
#include "explain.h"
#include "flush.h"
#include "list.h"
#include "probe.h"
#include "serve_smtp.h"
#include "show.h"
#include "steering.h"
#include "submit.h"

#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

static int
end_output(struct error *err)
{
	return fflush(stdout) == 0 ? EX_OK : error_errno(err, ERR_IO, "stdout");
}

static int
print_version(const struct options *o, struct error *err)
{
	(void)o;
	printf("pillarbox %s\n", PACKAGE_VERSION);
	return end_output(err);
}

static int
print_help(const struct options *o, struct error *err)
{
	(void)o;
	options_help();
	return end_output(err);
}

/* Each returns an exit code, or -1 with err set. */
static int (*const verbs[])(const struct options *o, struct error *err) = {
    [VERB_SUBMIT] = submit,
    [VERB_SMTP] = serve_smtp,
    [VERB_FLUSH] = flush,
    [VERB_LIST] = list,
    [VERB_SHOW] = show,
    [VERB_HOLD] = steering,
    [VERB_RELEASE] = steering,
    [VERB_REMOVE] = steering,
    [VERB_BOUNCE] = steering,
    [VERB_CHECK] = check,
    [VERB_EXPLAIN] = explain,
    [VERB_PROBE] = probe,
    [VERB_AUTHORIZE] = authorize,
    [VERB_ALIASES] = newaliases,
    [VERB_VERSION] = print_version,
    [VERB_HELP] = print_help,
};

/* Cron and web servers keep to themselves what a program says. The store and
 * delivery log for themselves what they refuse. */
static void
log_refusal(const struct options *o, int code, const struct error *err)
{
	if (o->verb == VERB_SUBMIT && !o->dry_run && code < 0)
		log_warning("not taken from uid %lu: %s",
		    (unsigned long)getuid(), err->text);
}

int
main(int argc, char *argv[])
{
	struct error err = {0};
	struct options options;
	int code;

	process_start();
	log_open("pillarbox");
	if (options_parse(argc, argv, &options, &err) != 0)
		return exitcode_report(&err);
	code = verbs[options.verb](&options, &err);
	log_refusal(&options, code, &err);
	return code >= 0 ? code : exitcode_report(&err);
}
