/* SPDX-License-Identifier: ISC */
/*
 * A file as ftp(1) has it in ~/.netrc, which curl, git and others read: words
 * with blanks between them, "machine HOST login USER password PASSWORD", and
 * "default" in place of a machine. Private to config/.
 */
#ifndef CONFIG_NETRC_H
#define CONFIG_NETRC_H

#include "base/buf.h"
#include "base/error.h"

/*
 * Appends the password of the first entry for one of machines (which end in
 * NULL; capitals do not matter) or by default, and for login or without one.
 *
 * A word may stand in double quotes, with a backslash before what is special;
 * from "#" in the place of a keyword, the line is a remark; "account" and its
 * word, and "macdef" up to an empty line, are passed over.
 *
 * ERR_CONFIG: there is none, or the file is none; as PATH:LINE, and never with
 * a word of the file.
 */
int netrc_find(const char *path, struct span text, char *const *machines,
    const char *login, struct buf *password, struct error *err);

#endif
