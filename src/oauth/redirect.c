/* SPDX-License-Identifier: ISC */
/* The address that a browser is sent to. */
#include "oauth/redirect.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/limits.h"
#include "oauth/form.h"
#include "oauth/pkce.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char taken[] = "Done. You can close this window.";
static const char refused[] = "Nothing was authorized; see the terminal.";
static const char unknown[] = "There is nothing here.";

static bool
has_state(struct span form, struct span state)
{
	struct buf said;
	bool same;

	buf_init(&said, REDIRECT_REQUEST_MAX);
	same = form_find(form, "state", &said) &&
	       pkce_same(buf_span(&said), state);
	buf_release(&said);
	return same;
}

static enum redirect
say_refused(struct span form, struct error *err)
{
	struct buf error, why;

	buf_init(&error, REDIRECT_REQUEST_MAX);
	buf_init(&why, REDIRECT_REQUEST_MAX);
	if (!form_find(form, "error", &error)) {
		buf_release(&error);
		return REDIRECT_OTHER;
	}
	form_find(form, "error_description", &why);
	error_set(err, ERR_PERMISSION, "not authorized: %.60s%s%.300s",
	    buf_text(&error), why.len > 0 ? ": " : "", buf_text(&why));
	buf_release(&error);
	buf_release(&why);
	return REDIRECT_FAILED;
}

enum redirect
redirect_read(
    struct span address, struct span state, struct buf *code, struct error *err)
{
	struct span form, before;

	if (!span_cut(&address, '?', &before) || address.len == 0 ||
	    !span_cut(&address, '#', &form) || !has_state(form, state))
		return REDIRECT_OTHER;
	buf_room(code, code->ceiling);
	if (form_find(form, "code", code) && code->len > 0)
		return REDIRECT_CODE;
	buf_wipe(code);
	return say_refused(form, err);
}

int
redirect_listen(uint16_t *port, struct error *err)
{
	struct sockaddr_in at = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof at;
	int patience = REDIRECT_PATIENCE_MS / 1000;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) != 0 ||
	    listen(fd, 4) != 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &len) != 0) {
		error_errno(err, ERR_TEMPORARY, "cannot listen on 127.0.0.1");
		io_close(&fd);
		return -1;
	}
	/* Browsers open connections that they may need one day; those that say
	 * nothing yet shall not be in the way of the one that does. */
	(void)!setsockopt(
	    fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &patience, sizeof patience);
	*port = ntohs(at.sin_port);
	return fd;
}

/* Is the whole head of the request there? */
static bool
is_whole(struct span s)
{
	return memmem(s.at, s.len, "\n\r\n", 3) != NULL ||
	       memmem(s.at, s.len, "\n\n", 2) != NULL;
}

static bool
read_request(int fd, struct buf *to)
{
	int64_t end = clock_monotonic_ms() + REDIRECT_PATIENCE_MS, left;
	struct pollfd p = {.fd = fd, .events = POLLIN};
	char block[1 * KIB];
	ssize_t n = 1;

	while (!is_whole(buf_span(to)) && n > 0) {
		left = end - clock_monotonic_ms();
		if (left <= 0 || poll(&p, 1, (int)left) <= 0)
			return false;
		n = io_read(fd, block, sizeof block);
		if (n > 0)
			buf_add(to, block, (size_t)n);
		if (!buf_ok(to))
			return false;
	}
	explicit_bzero(block, sizeof block);
	return n > 0;
}

struct span
redirect_target(struct span request)
{
	struct span line, method, target;

	if (!span_cut(&request, '\n', &line) ||
	    !span_cut(&line, ' ', &method) || !span_is(method, "GET") ||
	    !span_cut(&line, ' ', &target) || !span_starts(line, "HTTP/1.") ||
	    !span_starts(target, "/?"))
		return span("", 0);
	return target;
}

static void
reply(int fd, const char *status, const char *text)
{
	struct buf b;

	buf_init(&b, 4 * KIB);
	buf_printf(&b,
	    "HTTP/1.1 %s\r\nContent-Type: text/html; charset=us-ascii\r\n"
	    "Connection: close\r\n"
	    "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n"
	    "Content-Security-Policy: default-src 'none'\r\n\r\n"
	    "<!doctype html><title>pillarbox</title><p>%s\n",
	    status, text);
	/* Who does not read it has the code all the same. */
	(void)!io_write(fd, b.at, b.len);
	buf_release(&b);
}

enum redirect
redirect_accept(int fd, struct span state, struct buf *code, struct error *err)
{
	int peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	enum redirect result = REDIRECT_OTHER;
	struct buf request;

	if (peer < 0)
		return REDIRECT_NONE;
	buf_init(&request, REDIRECT_REQUEST_MAX);
	buf_room(&request, REDIRECT_REQUEST_MAX);
	if (read_request(peer, &request))
		result = redirect_read(
		    redirect_target(buf_span(&request)), state, code, err);
	if (result == REDIRECT_CODE)
		reply(peer, "200 OK", taken);
	else if (result == REDIRECT_FAILED)
		reply(peer, "200 OK", refused);
	else
		reply(peer, "404 Not Found", unknown);
	buf_wipe(&request);
	buf_release(&request);
	io_close(&peer);
	return result == REDIRECT_OTHER ? REDIRECT_NONE : result;
}
