/* SPDX-License-Identifier: ISC */
/* Files with a secret. Private to config/. */
#ifndef CONFIG_SECRET_FILE_H
#define CONFIG_SECRET_FILE_H

#include "base/buf.h"
#include "base/error.h"

/* What the rights of a file with a secret must be. */
enum secret_rule {
	/* Nobody but its owner may read it, who is root or this process. In a
	 * system-wide install the group of pillarbox may, too (mode 0640). */
	SECRET_PRIVATE,
	/* systemd made it, for this process alone: an access list, which shows
	 * as rights of the group, names who may read it. */
	SECRET_CREDENTIAL,
};

/* To be read, if nobody else can; else -1. name is the setting's, for errors.
 * ERR_CONFIG, with the command that mends it. */
int secret_file_open(const char *name, const char *path, enum secret_rule rule,
    struct error *err);

/* Appends all of it to to. ERR_CONFIG. */
int secret_file_read(const char *name, const char *path, enum secret_rule rule,
    struct buf *to, struct error *err);

#endif
