/* SPDX-License-Identifier: ISC */
/* Lines for the administrator, without waiting for who takes them. */
#include "base/log.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/text.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#define DEV_LOG "/dev/log"

static struct {
	const char *name, *path;
	enum log_target target;
	bool json;
	int fd;       /* of the socket; -1: not connected */
	bool stream;  /* a NUL ends each line */
	bool stuck;   /* the last line waited in vain */
	size_t lost;  /* lines since the last that was written */
	int priority; /* of the line */
	struct logline line;
} out = {.name = "", .path = DEV_LOG, .fd = -1};

void
log_open_at(const char *name, const char *path)
{
	io_close(&out.fd);
	out.name = name;
	out.path = path;
	out.target = LOG_TO_SYSLOG;
	out.json = false;
	out.stuck = false;
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
log_is_stderr(void)
{
	return out.target == LOG_TO_STDERR;
}

static bool
connect_as(int type)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	if (!text_copy(
		address.sun_path, sizeof address.sun_path, span_of(out.path)))
		return false;
	out.fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (out.fd >= 0 &&
	    connect(out.fd, (struct sockaddr *)&address, sizeof address) == 0)
		return true;
	io_close(&out.fd);
	return false;
}

/* Datagrams; a stream where somebody has set it up so. */
static bool
connect_log(void)
{
	if (out.fd >= 0)
		return true;
	out.stream = false;
	if (connect_as(SOCK_DGRAM))
		return true;
	out.stream = errno == EPROTOTYPE && connect_as(SOCK_STREAM);
	return out.stream;
}

bool
log_has_syslog(void)
{
	return connect_log();
}

/* Somebody who does not read holds up one line, and not each. */
static bool
wait_for_room(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	int64_t end = clock_monotonic_ms() + LOG_PATIENCE_MS;

	while (!out.stuck) {
		int64_t left = end - clock_monotonic_ms();

		if (left > 0 && poll(&p, 1, (int)left) > 0)
			return true;
		out.stuck = left <= 0;
	}
	return poll(&p, 1, 0) > 0;
}

/* 0, or -1 with errno: EAGAIN when there is no room. */
static int
offer(const char *bytes, size_t len)
{
	ssize_t n = send(out.fd, bytes, len, MSG_NOSIGNAL | MSG_DONTWAIT);

	if (n == (ssize_t)len)
		return 0;
	/* The rest of a line would be taken for another. */
	if (n >= 0)
		errno = EPIPE;
	return -1;
}

/* One that was started anew is connected to anew. */
static bool
send_line(const char *bytes, size_t len)
{
	bool again = false;

	while (connect_log()) {
		if (offer(bytes, len) == 0)
			return true;
		if (errno == EINTR ||
		    (errno == EAGAIN && wait_for_room(out.fd)))
			continue;
		if (errno == EAGAIN || errno == EMSGSIZE)
			return false;
		io_close(&out.fd);
		if (again)
			return false;
		again = true;
	}
	return false;
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
	return send_line(line, (size_t)n + out.stream);
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

		if (!wait_for_room(STDERR_FILENO))
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
	out.stuck = false;
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
