/* SPDX-License-Identifier: ISC */
/*
 * The command line: sendmail's options and pillarbox's own, from two tables.
 * No option ever opens a file for writing.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum verb {
	VERB_SUBMIT, /* a message on stdin */
	VERB_SMTP,   /* -bs: a dialogue there */
	VERB_FLUSH,  /* --flush, -q */
	VERB_LIST,   /* --list, -bp, mailq */
	VERB_SHOW,
	VERB_HOLD,
	VERB_RELEASE,
	VERB_REMOVE,
	VERB_BOUNCE,
	VERB_CHECK,
	VERB_PROBE,
	VERB_AUTHORIZE,
	VERB_ALIASES, /* newaliases, -bi */
	VERB_EXPLAIN, /* --explain ADDRESS, -bv */
	VERB_VERSION,
	VERB_HELP,
};

/* How the caller wants it sent; by the configuration where it does not say. */
enum delivery_wish {
	WISH_NONE,
	WISH_BACKGROUND, /* -odb */
	WISH_FOREGROUND, /* -odi, -odf */
	WISH_QUEUE,      /* -odq, -odd */
};

/* Which messages a queue run or a listing is about, by parts of ids and
 * addresses; NULL: not given. All that are given must be true. */
struct picks {
	const char *id, *not_id;               /* -qI, -q!I */
	const char *recipient, *not_recipient; /* -qR, -q!R */
	const char *sender, *not_sender;       /* -qS, -q!S */
};

struct options {
	enum verb verb;
	enum delivery_wish delivery;
	bool from_header; /* -t */
	bool require_tls; /* --require-tls */
	bool dry_run;
	bool explain;
	bool force;
	bool count; /* -bpc: only how many a listing has */
	bool json;
	bool verbose;          /* -v */
	bool after_dashes;     /* the arguments stand behind "--" */
	const char *sender;    /* -f, -r; NULL: not given */
	const char *full_name; /* -F; NULL: not given */
	const char *notify;    /* -N; NULL: not given */
	const char *ret;       /* -R; NULL: not given */
	const char *envid;     /* -V; NULL: not given */
	const char *config;    /* -C, --config; NULL: not given */
	const char *relay;     /* --relay; NULL: not given */
	const char *to;        /* --to; NULL: not given */
	const char *from;      /* --from; NULL: not given */
	const char *every;     /* --every; NULL: not given */
	struct picks picks;
	const char *const *arguments; /* recipients, or ids */
	size_t argument_count;
};

/*
 * Reads argv into o; o borrows from argv. Options end at the first argument
 * that is none, as sendmail's do, unless argv begins with one of the long
 * options: then they may stand anywhere.
 * ERR_USAGE: an unknown option, one that is refused, a missing value, or
 * options that do not go together.
 */
int options_parse(
    int argc, char *const argv[], struct options *o, struct error *err);

/* The text of --help. */
void options_help(void);

#endif
