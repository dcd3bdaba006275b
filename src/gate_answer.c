/* SPDX-License-Identifier: ISC */
/* What the store answers, by either way. */
#include "gate.h"

#include "base/io.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Where the last line of the block begins. */
static size_t
find_last_line(const struct gate *g)
{
	size_t at = g->end;

	if (at > g->start)
		at--; /* its own line end */
	while (at > g->start && g->block[at - 1] != '\n')
		at--;
	return at;
}

/* Has more in the block than may be the last line, or all there is. */
static int
fill(struct gate *g)
{
	while (!g->finished && g->end - g->start <= GATE_END_MAX) {
		ssize_t n;

		memmove(g->block, g->block + g->start, g->end - g->start);
		g->end -= g->start;
		g->start = 0;
		n = io_read(
		    g->socket, g->block + g->end, sizeof g->block - g->end);
		/* It may hang up on what we still had to say. */
		if (n < 0 && errno != ECONNRESET)
			return -1;
		g->finished = n <= 0;
		g->end += n > 0 ? (size_t)n : 0;
	}
	if (g->finished)
		g->last = find_last_line(g);
	return 0;
}

ssize_t
gate_read(struct gate *g, void *to, size_t len)
{
	size_t there;

	if (g->socket < 0)
		return io_read(g->from, to, len);
	if (fill(g) != 0)
		return -1;
	there = (g->finished ? g->last : g->end - GATE_END_MAX) - g->start;
	if (len > there)
		len = there;
	memcpy(to, g->block + g->start, len);
	g->start += len;
	return (ssize_t)len;
}

static ssize_t
read_cookie(void *cookie, char *to, size_t len)
{
	return gate_read(cookie, to, len);
}

FILE *
gate_answer(struct gate *g)
{
	const cookie_io_functions_t way = {.read = read_cookie};

	g->answer = fopencookie(g, "r", way);
	return g->answer;
}

/* The last line's code; its text is said here, as the child would have. */
static int
hear_end(struct gate *g, struct error *err)
{
	char rest[512], text[GATE_END_MAX + 1];
	size_t len;
	int code = -1, at = 0;
	ssize_t n;

	do
		n = gate_read(g, rest, sizeof rest);
	while (n > 0);
	len = n < 0 ? 0 : g->end - g->start;
	memcpy(text, g->block + g->start, len);
	text[len > 0 && text[len - 1] == '\n' ? len - 1 : 0] = '\0';
	if (sscanf(text, "end %3d%n", &code, &at) != 1 || code < 0)
		return error_set(err, ERR_TEMPORARY,
		    "the connection to the store (%s) broke; whether it did "
		    "its work is not known",
		    SOCKET_PATH);
	if (text[at] == ' ')
		fprintf(stderr, "pillarbox: %s\n", text + at + 1);
	return code;
}

int
gate_close(struct gate *g, struct error *err)
{
	int code;

	if (g->socket >= 0) {
		gate_end_input(g);
		code = hear_end(g, err);
		io_close(&g->socket);
	} else {
		io_close(&g->to);
		io_close(&g->from);
		code = child_wait(&g->child);
		if (code < 0)
			error_set(err, ERR_TEMPORARY, "the store was killed");
	}
	if (g->answer != NULL)
		fclose(g->answer);
	g->answer = NULL;
	return code;
}
