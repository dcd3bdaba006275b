/* SPDX-License-Identifier: ISC */
/*
 * Lines for the administrator: to syslog, facility mail. A log that cannot be
 * written never changes an outcome: nothing here fails, and nothing waits for
 * longer than LOG_PATIENCE_MS, which syslog(3) does as long as the socket is
 * full. A line that finds no room then is lost, and that some were is said
 * when there is room again.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/logline.h"

#include <stdbool.h>

/* How long a line waits for room; the next ones do not, until one finds it. */
#define LOG_PATIENCE_MS 500

enum log_target {
	LOG_TO_SYSLOG,
	LOG_TO_STDERR,
	LOG_TO_NOTHING,
};

/* Begins with text to syslog, at its usual socket, or at path. name stands
 * before each line; both must stay valid. */
void log_open(const char *name);
void log_open_at(const char *name, const char *path);

/* From here on. */
void log_choose(enum log_target target, bool json);

/* Is somebody there to take it? */
bool log_has_syslog(void);

/* What is said on stderr is in the log by that. */
bool log_is_stderr(void);

/* A sentence. */
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_warning(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A line of values: begun by this, then filled (logline.h), and written. It is
 * the same one for all, and good until the next. warning: rather than info. */
struct logline *log_line(bool warning, const char *id);
void log_write(void);

#endif
