/* SPDX-License-Identifier: ISC */
/* The command line, from two tables: this one and that of letters.c. */
#include "cli/options.h"

#include "cli/effects.h"
#include "cli/letters.h"
#include "cli/options_check.h"
#include "cli/picks.h"

#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* pillarbox's own options. */
static const struct word {
	const char *name;
	const char *value; /* its name in --help; NULL: none */
	struct effect effect;
	const char *help;
} words[] = {
    {"flush", NULL, {.verb = VERB_FLUSH},
	"send what is due, or the messages named"},
    {"force", NULL, {SETS(force)}, "with --flush: also what is not due yet"},
    {"every", "TIME", {SETS(every)}, "with --flush: stay, and flush as often"},
    {"list", NULL, {.verb = VERB_LIST}, "show the queue (also -bp, mailq)"},
    {"json", NULL, {SETS(json)},
	"with --list, --flush, --probe: JSON, one a line"},
    {"show", NULL, {.verb = VERB_SHOW},
	"show one message and what happened to it"},
    {"hold", NULL, {.verb = VERB_HOLD}, "keep messages from being sent"},
    {"release", NULL, {.verb = VERB_RELEASE}, "let them be sent again"},
    {"remove", NULL, {.verb = VERB_REMOVE}, "throw messages away"},
    {"bounce", NULL, {.verb = VERB_BOUNCE}, "return messages to their senders"},
    {"to", "PATTERN", {SETS(to)}, "those to addresses like this"},
    {"from", "PATTERN", {SETS(from)}, "those from addresses like this"},
    {"check", NULL, {.verb = VERB_CHECK}, "say what is wrong here"},
    {"probe", NULL, {.verb = VERB_PROBE},
	"try a relay, or all, and say what it can do"},
    {"authorize", NULL, {.verb = VERB_AUTHORIZE},
	"have a relay's token authorized (OAuth2)"},
    {"config", "FILE", {SETS(config)}, "use this configuration (also -C)"},
    {"relay", "NAME", {SETS(relay)}, "use this relay"},
    {"dry-run", NULL, {SETS(dry_run)}, "print what would be sent"},
    {"require-tls", NULL, {SETS(require_tls)},
	"have it relayed over TLS, or not at all"},
    {"explain", NULL, {SETS(explain)},
	"say what becomes of addresses; with --dry-run: what was mended"},
    {"version", NULL, {.verb = VERB_VERSION}, "print the version"},
    {"help", NULL, {.verb = VERB_HELP}, "print this"},
};

#define WORD_COUNT (sizeof words / sizeof words[0])
#define WORD_FIRST 256 /* getopt's number of the first */

/* getopt(3)'s description of both tables. */
static void
describe(bool anywhere, char *shorts, struct option *longs)
{
	if (!anywhere)
		*shorts++ = '+';
	*shorts++ = ':';
	letters_short(shorts);
	for (size_t i = 0; i < WORD_COUNT; i++)
		longs[i] = (struct option){.name = words[i].name,
		    .has_arg = words[i].value ? required_argument : no_argument,
		    .val = WORD_FIRST + (int)i};
	longs[WORD_COUNT] = (struct option){0};
}

/* optopt is the letter, or 0 for a long option, which is then the word
 * before optind. */
static int
say_wrong(int c, char *const argv[], struct error *err)
{
	char letter[3] = {'-', (char)optopt, '\0'};
	bool is_long = optopt == 0 || optopt >= 256;

	return error_set(err, ERR_USAGE, "%s %s; see pillarbox --help",
	    c == ':' ? "a value is missing after" : "unknown option",
	    is_long ? argv[optind - 1] : letter);
}

/* One of sendmail's: *value is getopt's, and becomes what it means. */
static int
apply_letter(struct options *o, int c, char *const argv[], const char **value,
    struct error *err)
{
	const struct letter *l = letters_find(c, value);

	if (l == NULL)
		return say_wrong(c, argv, err);
	if (l->instead != NULL)
		return error_set(err, ERR_USAGE,
		    "-%s%s is not supported; %s; see pillarbox(1)", l->name,
		    *value != NULL ? *value : "", l->instead);
	if (l->value == VALUE && *value == NULL)
		*value = argv[optind] != NULL ? argv[optind++] : NULL;
	if (l->value == VALUE && *value == NULL)
		return error_set(err, ERR_USAGE,
		    "a value is missing after -%s; see pillarbox --help",
		    l->name);
	return effect_apply(&l->effect, o, *value, err);
}

static void
set_verb_by_name(struct options *o, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	if (strcmp(name, "mailq") == 0)
		o->verb = VERB_LIST;
	else if (strcmp(name, "newaliases") == 0)
		o->verb = VERB_ALIASES;
}

int
options_parse(
    int argc, char *const argv[], struct options *o, struct error *err)
{
	bool anywhere =
	    argc > 1 && strncmp(argv[1], "--", 2) == 0 && argv[1][2] != '\0';
	char shorts[LETTERS_SHORT_SIZE];
	struct option longs[WORD_COUNT + 1];
	const char *value = NULL;
	int c, rc;

	*o = (struct options){0};
	if (argc > 0)
		set_verb_by_name(o, argv[0]);
	describe(anywhere, shorts, longs);
	/* Whether our own options stand anywhere is not for it to say. */
	if (anywhere)
		unsetenv("POSIXLY_CORRECT");
	opterr = 0;
	optind = 0;
	while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		value = optarg;
		rc = c >= WORD_FIRST
			 ? effect_apply(
			       &words[c - WORD_FIRST].effect, o, value, err)
			 : apply_letter(o, c, argv, &value, err);
		if (rc != 0)
			return -1;
	}
	o->after_dashes = optind > 1 && argv[optind - 1] != value &&
			  strcmp(argv[optind - 1], "--") == 0;
	o->arguments = (const char *const *)argv + optind;
	o->argument_count = (size_t)(argc - optind);
	/* To pick messages is to have them sent, unless they are listed. */
	if (picks_any(&o->picks) && o->verb == VERB_SUBMIT)
		o->verb = VERB_FLUSH;
	if (o->explain && !o->dry_run && o->verb == VERB_SUBMIT)
		o->verb = VERB_EXPLAIN;
	return options_check(o, err);
}

void
options_help(void)
{
	printf("usage: sendmail [-t] [-i] [-f SENDER] [-F NAME] [RECIPIENT...]"
	       " < MESSAGE\n"
	       "       pillarbox --flush [ID...] | --list | --show ID | "
	       "--check | ...\n"
	       "       pillarbox --hold | --release | --remove | --bounce\n"
	       "                 ID... | all | [--to PATTERN] [--from PATTERN] "
	       "[--relay NAME]\n\n");
	for (size_t i = 0; i < WORD_COUNT; i++) {
		char option[32];

		snprintf(option, sizeof option, "--%s%s%s", words[i].name,
		    words[i].value ? " " : "",
		    words[i].value ? words[i].value : "");
		printf("  %-16s %s\n", option, words[i].help);
	}
	printf("\nSee pillarbox(1), pillarbox.conf(5), pillarbox-queue(5).\n");
}
