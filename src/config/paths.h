/* SPDX-License-Identifier: ISC */
/* Where things are: configuration, queue, helpers; and who is asking. */
#ifndef CONFIG_PATHS_H
#define CONFIG_PATHS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * The configuration file to use, *own saying whether it is the user's. Home
 * is the passwd database's, never $HOME. The result is the caller's to free.
 */
char *paths_config(const char *given, bool *own);

/* The queue of a user's own configuration that names none, to be freed;
 * NULL when the user has no home. */
char *paths_user_queue(void);

/* What the system has. */
const char *paths_system_config(void);
const char *paths_system_queue(void);

/*
 * The program of that name among our helpers, to be freed. Where the build
 * put them, or in $PILLARBOX_LIBEXEC: that is the caller's own affair, since
 * the front has no privilege to lend.
 */
char *paths_helper(const char *name);

struct caller {
	char *login;     /* "uid1000" for a uid that has no name */
	char *full_name; /* from the gecos field, "" for none */
};

void paths_caller(struct caller *c);
void paths_caller_release(struct caller *c);

/* This host's name: gethostname(2), or /etc/mailname where that has no dot. */
void paths_host_name(char *to, size_t size);

#endif
