/* SPDX-License-Identifier: ISC */
/* The command line, from two tables. */
#include "cli/options.h"

#include "cli/effects.h"
#include "cli/options_check.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Does an option take a value? */
enum value {
	NO_VALUE,
	VALUE,    /* joined or separate */
	ATTACHED, /* only joined, or none */
};

/* sendmail's letters. Those that do nothing here are accepted, since scripts
 * that no one remembers give them. */
static const struct letter {
	char letter;
	enum value value;
	effect *apply;
} letters[] = {
    {'A', VALUE, effect_none},
    {'B', VALUE, effect_none},
    {'b', VALUE, effect_mode},
    {'C', VALUE, effect_config},
    {'D', VALUE, effect_none},
    {'c', NO_VALUE, effect_none},
    {'d', ATTACHED, effect_none},
    {'E', NO_VALUE, effect_none},
    {'e', VALUE, effect_none},
    {'F', VALUE, effect_full_name},
    {'f', VALUE, effect_sender},
    {'G', NO_VALUE, effect_none},
    {'h', VALUE, effect_none},
    {'I', NO_VALUE, effect_aliases},
    {'i', NO_VALUE, effect_none},
    {'L', VALUE, effect_none},
    {'M', VALUE, effect_none},
    {'m', NO_VALUE, effect_none},
    {'N', VALUE, effect_none},
    {'n', NO_VALUE, effect_none},
    {'O', VALUE, effect_none},
    {'o', VALUE, effect_option},
    {'p', VALUE, effect_none},
    {'Q', ATTACHED, effect_none},
    {'q', ATTACHED, effect_flush},
    {'R', VALUE, effect_none},
    {'r', VALUE, effect_sender},
    {'s', NO_VALUE, effect_none},
    {'T', NO_VALUE, effect_none},
    {'t', NO_VALUE, effect_from_header},
    {'U', NO_VALUE, effect_none},
    {'V', VALUE, effect_none},
    {'v', NO_VALUE, effect_verbose},
    {'X', VALUE, effect_none},
    {'x', NO_VALUE, effect_none},
};

#define LETTER_COUNT (sizeof letters / sizeof letters[0])

/* pillarbox's own options. */
static const struct word {
	const char *name;
	const char *value; /* its name in --help; NULL: none */
	effect *apply;
	const char *help;
} words[] = {
    {"flush", NULL, effect_flush, "send what is due, or the messages named"},
    {"force", NULL, effect_force, "with --flush: also what is not due yet"},
    {"every", "TIME", effect_every, "with --flush: stay, and flush as often"},
    {"list", NULL, effect_list, "show the queue (also -bp, mailq)"},
    {"json", NULL, effect_json, "with --list, --flush: JSON, an object a line"},
    {"show", NULL, effect_show, "show one message and what happened to it"},
    {"hold", NULL, effect_hold, "keep messages from being sent"},
    {"release", NULL, effect_release, "let them be sent again"},
    {"remove", NULL, effect_remove, "throw messages away"},
    {"bounce", NULL, effect_bounce, "return messages to their senders"},
    {"to", "PATTERN", effect_to, "those to addresses like this"},
    {"from", "PATTERN", effect_from, "those from addresses like this"},
    {"check", NULL, effect_check, "say what is wrong here"},
    {"config", "FILE", effect_config, "use this configuration (also -C)"},
    {"relay", "NAME", effect_relay, "use this relay"},
    {"dry-run", NULL, effect_dry_run, "print what would be sent"},
    {"explain", NULL, effect_explain, "with --dry-run: say what was mended"},
    {"version", NULL, effect_version, "print the version"},
    {"help", NULL, effect_help, "print this"},
};

#define WORD_COUNT (sizeof words / sizeof words[0])

/* getopt(3)'s description of both tables. */
static void
describe(bool anywhere, char *shorts, struct option *longs)
{
	if (!anywhere)
		*shorts++ = '+';
	*shorts++ = ':';
	for (size_t i = 0; i < LETTER_COUNT; i++) {
		*shorts++ = letters[i].letter;
		if (letters[i].value != NO_VALUE)
			*shorts++ = ':';
		if (letters[i].value == ATTACHED)
			*shorts++ = ':';
	}
	*shorts = '\0';
	for (size_t i = 0; i < WORD_COUNT; i++)
		longs[i] = (struct option){.name = words[i].name,
		    .has_arg = words[i].value ? required_argument : no_argument,
		    .val = 256 + (int)i};
	longs[WORD_COUNT] = (struct option){0};
}

static effect *
find(int c)
{
	if (c >= 256)
		return words[c - 256].apply;
	for (size_t i = 0; i < LETTER_COUNT; i++)
		if (letters[i].letter == c)
			return letters[i].apply;
	return NULL;
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
	char shorts[3 * LETTER_COUNT + 3];
	struct option longs[WORD_COUNT + 1];
	const char *last_value = NULL;
	int c;

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
		effect *apply = find(c);

		if (apply == NULL)
			return say_wrong(c, argv, err);
		if (apply(o, optarg, err) != 0)
			return -1;
		last_value = optarg;
	}
	o->after_dashes = optind > 1 && argv[optind - 1] != last_value &&
			  strcmp(argv[optind - 1], "--") == 0;
	o->arguments = (const char *const *)argv + optind;
	o->argument_count = (size_t)(argc - optind);
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
