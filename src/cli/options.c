/* SPDX-License-Identifier: ISC */
/* The command line, from two tables. */
#include "cli/options.h"

#include "cli/effects.h"
#include "cli/options_check.h"

#include <getopt.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Does an option take a value? */
enum value {
	NO_VALUE,
	VALUE,    /* joined or separate */
	ATTACHED, /* only joined, or none */
};

/* What an option sets, where that is all it does. */
#define NOTHING SIZE_MAX
#define IGNORED NULL, NOTHING
#define SET(member) NULL, offsetof(struct options, member)

/* sendmail's letters. Those that do nothing here are accepted, since scripts
 * that no one remembers give them. */
static const struct letter {
	char letter;
	enum value value;
	effect *apply; /* NULL: it sets a member, or does nothing */
	size_t member; /* a text if it has a value, or a bool */
} letters[] = {
    {'A', VALUE, IGNORED},
    {'B', VALUE, IGNORED},
    {'b', VALUE, effect_mode, NOTHING},
    {'C', VALUE, SET(config)},
    {'D', VALUE, IGNORED},
    {'c', NO_VALUE, IGNORED},
    {'d', ATTACHED, IGNORED},
    {'E', NO_VALUE, IGNORED},
    {'e', VALUE, IGNORED},
    {'F', VALUE, SET(full_name)},
    {'f', VALUE, SET(sender)},
    {'G', NO_VALUE, IGNORED},
    {'h', VALUE, IGNORED},
    {'I', NO_VALUE, effect_aliases, NOTHING},
    {'i', NO_VALUE, IGNORED},
    {'L', VALUE, IGNORED},
    {'M', VALUE, IGNORED},
    {'m', NO_VALUE, IGNORED},
    {'N', VALUE, SET(notify)},
    {'n', NO_VALUE, IGNORED},
    {'O', VALUE, IGNORED},
    {'o', VALUE, effect_option, NOTHING},
    {'p', VALUE, IGNORED},
    {'Q', ATTACHED, IGNORED},
    {'q', ATTACHED, effect_flush, NOTHING},
    {'R', VALUE, SET(ret)},
    {'r', VALUE, SET(sender)},
    {'s', NO_VALUE, IGNORED},
    {'T', NO_VALUE, IGNORED},
    {'t', NO_VALUE, SET(from_header)},
    {'U', NO_VALUE, IGNORED},
    {'V', VALUE, SET(envid)},
    {'v', NO_VALUE, effect_verbose, NOTHING},
    {'X', VALUE, IGNORED},
    {'x', NO_VALUE, IGNORED},
};

#define LETTER_COUNT (sizeof letters / sizeof letters[0])

/* pillarbox's own options. */
static const struct word {
	const char *name;
	const char *value; /* its name in --help; NULL: none */
	effect *apply;
	size_t member;
	const char *help;
} words[] = {
    {"flush", NULL, effect_flush, NOTHING,
	"send what is due, or the messages named"},
    {"force", NULL, SET(force), "with --flush: also what is not due yet"},
    {"every", "TIME", SET(every), "with --flush: stay, and flush as often"},
    {"list", NULL, effect_list, NOTHING, "show the queue (also -bp, mailq)"},
    {"json", NULL, SET(json), "with --list, --flush: JSON, an object a line"},
    {"show", NULL, effect_show, NOTHING,
	"show one message and what happened to it"},
    {"hold", NULL, effect_hold, NOTHING, "keep messages from being sent"},
    {"release", NULL, effect_release, NOTHING, "let them be sent again"},
    {"remove", NULL, effect_remove, NOTHING, "throw messages away"},
    {"bounce", NULL, effect_bounce, NOTHING,
	"return messages to their senders"},
    {"to", "PATTERN", SET(to), "those to addresses like this"},
    {"from", "PATTERN", SET(from), "those from addresses like this"},
    {"check", NULL, effect_check, NOTHING, "say what is wrong here"},
    {"authorize", NULL, effect_authorize, NOTHING,
	"have a relay's token authorized (OAuth2)"},
    {"config", "FILE", SET(config), "use this configuration (also -C)"},
    {"relay", "NAME", SET(relay), "use this relay"},
    {"dry-run", NULL, SET(dry_run), "print what would be sent"},
    {"require-tls", NULL, SET(require_tls),
	"have it relayed over TLS, or not at all"},
    {"explain", NULL, SET(explain), "with --dry-run: say what was mended"},
    {"version", NULL, effect_version, NOTHING, "print the version"},
    {"help", NULL, effect_help, NOTHING, "print this"},
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

/* False: there is no such option. */
static bool
find(int c, effect **apply, size_t *member)
{
	if (c >= 256) {
		*apply = words[c - 256].apply;
		*member = words[c - 256].member;
		return true;
	}
	for (size_t i = 0; i < LETTER_COUNT; i++)
		if (letters[i].letter == c) {
			*apply = letters[i].apply;
			*member = letters[i].member;
			return true;
		}
	return false;
}

static void
set(struct options *o, size_t member, const char *value)
{
	if (value != NULL)
		*(const char **)((char *)o + member) = value;
	else
		*(bool *)((char *)o + member) = true;
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
	effect *apply;
	size_t member;
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
		if (!find(c, &apply, &member))
			return say_wrong(c, argv, err);
		if (apply != NULL && apply(o, optarg, err) != 0)
			return -1;
		if (member != NOTHING)
			set(o, member, optarg);
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
