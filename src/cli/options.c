/* SPDX-License-Identifier: ISC */
/* The command line, from two tables. */
#include "cli/options.h"

#include "base/span.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

/* Does an option take a value? */
enum value {
	NO_VALUE,
	VALUE,    /* joined or separate */
	ATTACHED, /* only joined, or none */
};

/* How an option takes effect; ERR_USAGE when its value makes no sense. */
typedef int effect(struct options *o, const char *value, struct error *err);

static int
tolerate(struct options *o, const char *value, struct error *err)
{
	(void)o, (void)value, (void)err;
	return 0;
}

static int
set_from_header(struct options *o, const char *value, struct error *err)
{
	(void)value, (void)err;
	o->from_header = true;
	return 0;
}

static int
set_sender(struct options *o, const char *value, struct error *err)
{
	(void)err;
	o->sender = value;
	return 0;
}

static int
set_full_name(struct options *o, const char *value, struct error *err)
{
	(void)err;
	o->full_name = value;
	return 0;
}

static int
set_config(struct options *o, const char *value, struct error *err)
{
	(void)err;
	o->config = value;
	return 0;
}

static int
set_relay(struct options *o, const char *value, struct error *err)
{
	(void)err;
	o->relay = value;
	return 0;
}

static int
set_verbose(struct options *o, const char *value, struct error *err)
{
	(void)value, (void)err;
	o->verbose = true;
	o->delivery = WISH_FOREGROUND;
	return 0;
}

/* -q, -q30m: there is no daemon to start, so both flush once. */
static int
set_flush(struct options *o, const char *value, struct error *err)
{
	(void)value, (void)err;
	o->verb = VERB_FLUSH;
	return 0;
}

static int
set_aliases(struct options *o, const char *value, struct error *err)
{
	(void)value, (void)err;
	o->verb = VERB_ALIASES;
	return 0;
}

/* -bX: the mode of operation. */
static int
set_mode(struct options *o, const char *value, struct error *err)
{
	switch (value[0]) {
	case 'm':
		return 0;
	case 'p':
		o->verb = VERB_LIST;
		return 0;
	case 'i':
		o->verb = VERB_ALIASES;
		return 0;
	default:
		return error_set(err, ERR_USAGE,
		    "-b%s is not supported; a message on stdin is", value);
	}
}

/* -oX: an option of sendmail's configuration; of these only -od counts. */
static int
set_option(struct options *o, const char *value, struct error *err)
{
	static const struct {
		const char *value;
		enum delivery_wish wish;
	} modes[] = {
	    {"db", WISH_BACKGROUND},
	    {"di", WISH_FOREGROUND},
	    {"df", WISH_FOREGROUND},
	    {"dq", WISH_QUEUE},
	    {"dd", WISH_QUEUE},
	};

	(void)err;
	for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
		if (strcmp(value, modes[i].value) == 0)
			o->delivery = modes[i].wish;
	return 0;
}

/* sendmail's letters. Those that do nothing here are accepted, since scripts
 * that no one remembers give them. */
static const struct letter {
	char letter;
	enum value value;
	effect *apply;
} letters[] = {
    {'A', VALUE, tolerate},
    {'B', VALUE, tolerate},
    {'b', VALUE, set_mode},
    {'C', VALUE, set_config},
    {'D', VALUE, tolerate},
    {'d', ATTACHED, tolerate},
    {'E', NO_VALUE, tolerate},
    {'e', VALUE, tolerate},
    {'F', VALUE, set_full_name},
    {'f', VALUE, set_sender},
    {'G', NO_VALUE, tolerate},
    {'h', VALUE, tolerate},
    {'I', NO_VALUE, set_aliases},
    {'i', NO_VALUE, tolerate},
    {'L', VALUE, tolerate},
    {'M', VALUE, tolerate},
    {'m', NO_VALUE, tolerate},
    {'N', VALUE, tolerate},
    {'n', NO_VALUE, tolerate},
    {'O', VALUE, tolerate},
    {'o', VALUE, set_option},
    {'p', VALUE, tolerate},
    {'Q', ATTACHED, tolerate},
    {'q', ATTACHED, set_flush},
    {'R', VALUE, tolerate},
    {'r', VALUE, set_sender},
    {'s', NO_VALUE, tolerate},
    {'T', VALUE, tolerate},
    {'t', NO_VALUE, set_from_header},
    {'U', NO_VALUE, tolerate},
    {'V', VALUE, tolerate},
    {'v', NO_VALUE, set_verbose},
    {'X', VALUE, tolerate},
};

#define LETTER_COUNT (sizeof letters / sizeof letters[0])

static int
set_list(struct options *o, const char *value, struct error *err)
{
	(void)value, (void)err;
	o->verb = VERB_LIST;
	return 0;
}

static int
set_version(struct options *o, const char *value, struct error *err)
{
	(void)value, (void)err;
	o->verb = VERB_VERSION;
	return 0;
}

static int
set_help(struct options *o, const char *value, struct error *err)
{
	(void)value, (void)err;
	o->verb = VERB_HELP;
	return 0;
}

static int
set_dry_run(struct options *o, const char *value, struct error *err)
{
	(void)value, (void)err;
	o->dry_run = true;
	return 0;
}

static int
set_force(struct options *o, const char *value, struct error *err)
{
	(void)value, (void)err;
	o->force = true;
	return 0;
}

static int
set_json(struct options *o, const char *value, struct error *err)
{
	(void)value, (void)err;
	o->json = true;
	return 0;
}

/* pillarbox's own options. */
static const struct word {
	const char *name;
	const char *value; /* its name in --help; NULL: none */
	effect *apply;
	const char *help;
} words[] = {
    {"flush", NULL, set_flush, "send what is due, or the messages named"},
    {"force", NULL, set_force, "with --flush: also what is not due yet"},
    {"list", NULL, set_list, "show the queue (also -bp, mailq)"},
    {"json", NULL, set_json, "with --list: one JSON object a line"},
    {"config", "FILE", set_config, "use this configuration (also -C)"},
    {"relay", "NAME", set_relay, "use this relay"},
    {"dry-run", NULL, set_dry_run, "print what would be sent"},
    {"version", NULL, set_version, "print the version"},
    {"help", NULL, set_help, "print this"},
};

#define WORD_COUNT (sizeof words / sizeof words[0])

/* getopt(3)'s description of both tables. */
static void
describe(bool anywhere, char *shorts, struct option *longs)
{
	*shorts++ = anywhere ? ':' : '+';
	if (!anywhere)
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
	int c;

	*o = (struct options){0};
	if (argc > 0)
		set_verb_by_name(o, argv[0]);
	describe(anywhere, shorts, longs);
	opterr = 0;
	optind = 0;
	while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		effect *apply = find(c);

		if (apply == NULL)
			return say_wrong(c, argv, err);
		if (apply(o, optarg, err) != 0)
			return -1;
	}
	o->after_dashes = optind > 1 && strcmp(argv[optind - 1], "--") == 0;
	o->arguments = (const char *const *)argv + optind;
	o->argument_count = (size_t)(argc - optind);
	return 0;
}

void
options_help(void)
{
	printf("usage: sendmail [-t] [-i] [-f SENDER] [-F NAME] [RECIPIENT...]"
	       " < MESSAGE\n"
	       "       pillarbox --flush [ID...] | --list | ...\n\n");
	for (size_t i = 0; i < WORD_COUNT; i++) {
		char option[32];

		snprintf(option, sizeof option, "--%s%s%s", words[i].name,
		    words[i].value ? " " : "",
		    words[i].value ? words[i].value : "");
		printf("  %-16s %s\n", option, words[i].help);
	}
	printf("\nSee pillarbox(1), pillarbox.conf(5), pillarbox-queue(5).\n");
}
