/* SPDX-License-Identifier: ISC */
/* What check_files.c and check_relay_files.c share. */
#ifndef CHECK_FILES_H
#define CHECK_FILES_H

#include "config/config.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

/* Who delivers, and what was found so far. */
struct files {
	const struct config *config;
	uid_t uid;
	gid_t gid;
	size_t wrong;
};

/* Says one thing that is wrong on stderr, and counts it. */
void files_wrong(struct files *f, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* May who delivers read it? */
bool files_may_read(const struct files *f, const struct stat *st);

/* What the relay's section names; nothing is opened. */
void check_relay_files(struct files *f, const struct relay *relay);

#endif
