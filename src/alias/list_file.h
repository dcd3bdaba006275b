/* SPDX-License-Identifier: ISC */
/* Files with addresses in them, and their lines. Private to alias/. */
#ifndef ALIAS_LIST_FILE_H
#define ALIAS_LIST_FILE_H

#include "base/buf.h"
#include "base/error.h"

#include <stdbool.h>
#include <sys/stat.h>

/*
 * Appends a plain file, of ALIAS_FILE_MAX octets at most, to b. public: it must
 * be one that everybody may read, since who wrote its name could have meant a
 * secret that we can read and they cannot. ERR_CONFIG, as PATH: what is wrong
 * and what to do; *missing: it is not there.
 */
int list_file_read(const char *path, bool public, struct buf *b,
    struct stat *st, bool *missing, struct error *err);

/* The next line that is neither empty nor a comment, without its end; *number
 * counts all of them. False: there is none. */
bool list_file_line(struct span *rest, struct span *line, int *number);

#endif
