/* SPDX-License-Identifier: ISC */
/* The socket of syslog, as log.h promises it. Private to it. */
#ifndef BASE_LOGSOCKET_H
#define BASE_LOGSOCKET_H

#include <stdbool.h>

/* From here on it is this one, which must stay valid; it is connected to when
 * it is needed. */
void logsocket_open(const char *path);

bool logsocket_is_there(void);

/* False: it had no room, or nobody is there. */
bool logsocket_send(const char *line);

/* Waits until fd has room, for LOG_PATIENCE_MS at most; after one that waited
 * in vain, not at all until logsocket_unstick(). */
bool logsocket_wait(int fd);
void logsocket_unstick(void);

#endif
