/* SPDX-License-Identifier: ISC */
/* Who takes lines may be gone, begun anew, or not read. */
#include "base/logsocket.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

static struct {
	const char *path;
	int fd;      /* -1: not connected */
	bool stream; /* a NUL ends each line */
	bool stuck;  /* the last line waited in vain */
} out = {.path = "", .fd = -1};

void
logsocket_open(const char *path)
{
	io_close(&out.fd);
	out.path = path;
	out.stuck = false;
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
bool
logsocket_is_there(void)
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
logsocket_wait(int fd)
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

void
logsocket_unstick(void)
{
	out.stuck = false;
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
bool
logsocket_send(const char *line)
{
	bool again = false;

	while (logsocket_is_there()) {
		if (offer(line, strlen(line) + out.stream) == 0)
			return true;
		if (errno == EINTR ||
		    (errno == EAGAIN && logsocket_wait(out.fd)))
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
