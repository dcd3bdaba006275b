/* SPDX-License-Identifier: ISC */
/*
 * Lines for the administrator: to syslog, facility mail. A log that cannot be
 * written never changes an outcome.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

/* name stands before each line; it must stay valid. */
void log_open(const char *name);

void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_warning(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
