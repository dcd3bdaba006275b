/* SPDX-License-Identifier: ISC */
/* Lines for the administrator. */
#include "base/log.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <syslog.h>

#define LINE_SIZE 2048

void
log_open(const char *name)
{
	openlog(name, LOG_PID, LOG_MAIL);
}

/* One call is one line, whatever a server put into its reply. */
static void
put(int priority, const char *fmt, va_list ap)
{
	char line[LINE_SIZE];

	vsnprintf(line, sizeof line, fmt, ap);
	text_make_printable(line);
	syslog(priority, "%s", line);
}

void
log_info(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(LOG_INFO, fmt, ap);
	va_end(ap);
}

void
log_warning(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(LOG_WARNING, fmt, ap);
	va_end(ap);
}
