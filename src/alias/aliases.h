/* SPDX-License-Identifier: ISC */
/*
 * The aliases file: names, and what each stands for. What may stand in it is
 * said in pillarbox(1), ALIASES. A mistake is kept beside what it is in, so
 * that it is trouble for that name only and everybody else gets their mail.
 */
#ifndef ALIAS_ALIASES_H
#define ALIAS_ALIASES_H

#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

enum target_kind {
	TARGET_ADDRESS, /* text: an address or a bare name, in envelope form */
	TARGET_NAME,    /* the same, and meant as it is: "\name" */
	TARGET_LIST,    /* text: the path of a file with more, ":include:" */
	TARGET_NOTHING, /* "/dev/null" */
	TARGET_WRONG,   /* text: what is wrong, and what to do */
};

struct alias_target {
	enum target_kind kind;
	char *text; /* NULL for TARGET_NOTHING */
	int line;   /* where it stands */
};

struct alias_targets {
	struct alias_target *at;
	size_t count;
};

struct alias {
	char *name; /* in lower case, as a local part; "*": the catch-all */
	int line;
	char *wrong; /* with the name itself; NULL: nothing */
	struct alias_targets to;
};

struct aliases {
	char *path;       /* of the file; NULL: nothing was read */
	struct alias *at; /* by name */
	size_t count;
	char *wrong;       /* the first line that is no alias; NULL: none */
	struct stat stamp; /* of the file; st_nlink 0: it was not there */
};

/* Reads text as the file of that path into the empty a. */
void aliases_parse(struct aliases *a, const char *path, struct span text);

/*
 * Reads the file into a, which is empty or was filled by this; it is not read
 * again while it is as it was. With may_miss a file that is not there has no
 * aliases. ERR_CONFIG: it cannot be read, and a is empty.
 */
int aliases_load(
    struct aliases *a, const char *path, bool may_miss, struct error *err);

/* Frees all of it; a is empty and may be used again. */
void aliases_release(struct aliases *a);

/* The alias of that name, case not looked at, or NULL. */
const struct alias *aliases_find(const struct aliases *a, struct span name);

/* The alias for names that have none of their own, or NULL. */
const struct alias *aliases_catch_all(const struct aliases *a);

/* Appends what a line of a list says: targets with commas between them. */
void targets_parse(struct alias_targets *to, struct span text, int line);

/* Appends one that is wrong. */
void targets_add_wrong(struct alias_targets *to, int line, const char *why);

/* Appends what the file of an ":include:" says, in which a line is a list.
 * Frees nothing of to when it fails. As list_file_read(). */
int targets_read(
    struct alias_targets *to, const char *path, bool public, struct error *err);

void targets_release(struct alias_targets *to);

#endif
