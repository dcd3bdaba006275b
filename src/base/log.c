/* SPDX-License-Identifier: ISC */
/* Lines for the administrator, without waiting for who takes them. */
#include "base/log.h"

#include "base/clock.h"
#include "base/logsocket.h"
#include "base/span.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#define DEV_LOG "/dev/log"

static struct {
	const char *name;
	enum log_target target;
	bool json;
	size_t lost;  /* lines since the last that was written */
	int priority; /* of the line */
	struct logline line;
} out = {.name = ""};

void
log_open_at(const char *name, const char *path)
{
	logsocket_open(path);
	out.name = name;
	out.target = LOG_TO_SYSLOG;
	out.json = false;
	out.lost = 0;
}

void
log_open(const char *name)
{
	log_open_at(name, DEV_LOG);
}

void
log_choose(enum log_target target, bool json)
{
	out.target = target;
	out.json = json;
}

bool
log_has_syslog(void)
{
	return logsocket_is_there();
}

bool
log_is_stderr(void)
{
	return out.target == LOG_TO_STDERR;
}

/* As syslog(3) writes it. */
static bool
to_syslog(int priority, const char *text)
{
	char now[CLOCK_TEXT_SIZE];
	char line[LOGLINE_SIZE + 128];
	int n;

	clock_syslog(clock_now(), now);
	n = snprintf(line, sizeof line, "<%d>%s %.40s[%ld]: %s",
	    LOG_MAIL | priority, now, out.name, (long)getpid(), text);
	if (n < 0 || n >= (int)sizeof line)
		return false;
	return logsocket_send(line);
}

/* A pipe that can be written to has room for so much. */
static bool
to_stderr(const char *text)
{
	char line[LOGLINE_SIZE + 128];
	int n = snprintf(line, sizeof line, "%s%s%s\n",
	    out.json ? "" : out.name, out.json ? "" : ": ", text);
	struct span rest = span(line, n > 0 ? (size_t)n : 0);

	while (rest.len > 0) {
		size_t piece = rest.len < PIPE_BUF ? rest.len : PIPE_BUF;
		ssize_t done;

		if (!logsocket_wait(STDERR_FILENO))
			return false;
		done = write(STDERR_FILENO, rest.at, piece);
		if (done < 0 && errno != EINTR)
			return false;
		rest = span_from(rest, done > 0 ? (size_t)done : 0);
	}
	return true;
}

static bool
put(int priority, const char *text)
{
	switch (out.target) {
	case LOG_TO_SYSLOG:
		return to_syslog(priority, text);
	case LOG_TO_STDERR:
		return to_stderr(text);
	case LOG_TO_NOTHING:
		break;
	}
	return true;
}

static void
say_lost(void)
{
	char text[128];
	size_t lost = out.lost;

	out.lost = 0;
	snprintf(text, sizeof text,
	    "lost before this: %zu lines, for which the log had no room", lost);
	logline_sentence(&out.line, out.json, "warning", text);
	if (!put(LOG_WARNING, out.line.text))
		out.lost = lost;
}

void
log_write(void)
{
	if (!put(out.priority, out.line.text)) {
		out.lost++;
		return;
	}
	logsocket_unstick();
	if (out.lost > 0)
		say_lost();
}

/* Of the line that begins; its name. */
static const char *
set_level(bool warning)
{
	out.priority = warning ? LOG_WARNING : LOG_INFO;
	return warning ? "warning" : "info";
}

struct logline *
log_line(bool warning, const char *id)
{
	logline_begin(&out.line, out.json, set_level(warning), id);
	return &out.line;
}

static void
say(bool warning, const char *fmt, va_list ap)
{
	char text[2 * LOGLINE_TEXT_MAX + 256];

	vsnprintf(text, sizeof text, fmt, ap);
	logline_sentence(&out.line, out.json, set_level(warning), text);
	log_write();
}

void
log_info(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(false, fmt, ap);
	va_end(ap);
}

void
log_warning(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(true, fmt, ap);
	va_end(ap);
}
