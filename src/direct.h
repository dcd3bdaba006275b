/* SPDX-License-Identifier: ISC */
#ifndef DIRECT_H
#define DIRECT_H

#include "base/error.h"
#include "deliver.h"

/*
 * The verb for a queue that is switched off: reads an entry (without stamps)
 * from fd and sends it. Exit code 0 only when every recipient was accepted;
 * else -1 with err: ERR_REFUSED, ERR_TEMPORARY, ERR_PERMISSION, ERR_CONFIG.
 */
int direct(struct courier *c, int fd, struct error *err);

#endif
