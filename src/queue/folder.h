/* SPDX-License-Identifier: ISC */
/* Folders of the queue, opened so that no link leads elsewhere. */
#ifndef QUEUE_FOLDER_H
#define QUEUE_FOLDER_H

#include "base/error.h"

#include <dirent.h>
#include <stdbool.h>

/*
 * Opens the folder name beneath at. It must be a real folder, of this
 * process's user, that nobody else may write. make: makes it if missing.
 * queue_path is for messages. The descriptor, or -1 with ERR_TEMPORARY.
 */
int folder_open(int at, const char *name, bool make, const char *queue_path,
    struct error *err);

/* Makes path (absolute) with its parents, those that are missing, 0700. */
int folder_make_path(const char *path, struct error *err);

/* A stream over the names in the folder fd, which stays open; or NULL. */
DIR *folder_list(int fd);

#endif
