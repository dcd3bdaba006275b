/* SPDX-License-Identifier: ISC */
/* A relay that plays a script. */
#include "fake_stream.h"

#include "delivery/stream.h"

#include <stdlib.h>
#include <string.h>

#define CEILING (16 * MIB)

struct stream {
	int unused;
};

struct fake fake;

void
fake_start(const struct fake_step *steps, size_t n)
{
	fake_end();
	fake = (struct fake){.steps = steps, .count = n};
	buf_init(&fake.dialogue, CEILING);
	buf_init(&fake.data, CEILING);
	buf_init(&fake.shown, CEILING);
	buf_init(&fake.line, CEILING);
	buf_init(&fake.voice, CEILING);
	buf_init(&fake.chunk_line, CEILING);
}

void
fake_end(void)
{
	buf_release(&fake.dialogue);
	buf_release(&fake.data);
	buf_release(&fake.shown);
	buf_release(&fake.line);
	buf_release(&fake.voice);
	buf_release(&fake.chunk_line);
}

bool
fake_went_well(void)
{
	return fake.done == fake.count && !fake.surprised && !fake.hurried;
}

/* Adds "X: LINE" for every line of text. */
static void
write_down(struct buf *to, char side, struct span text)
{
	struct span line;

	while (span_cut(&text, '\n', &line)) {
		line = span_trim(line);
		buf_printf(to, "%c: %.*s\n", side, SPAN_ARG(line));
	}
}

static void
say(const char *words)
{
	if (strcmp(words, FAKE_SILENT) == 0)
		return;
	if (strcmp(words, FAKE_CLOSE) == 0) {
		fake.ending = true;
	} else if (strcmp(words, FAKE_CUT) == 0) {
		fake.ending = fake.cut = fake.deaf = true;
	} else if (strcmp(words, FAKE_DEAF) == 0) {
		fake.deaf = true;
	} else {
		buf_add_text(&fake.voice, words);
		write_down(&fake.dialogue, 'S', span_of(words));
		fake.in_data = fake.in_data || strncmp(words, "354", 3) == 0;
	}
}

/* Does all that need not be waited for. */
static void
go_on(void)
{
	while (fake.done < fake.count) {
		const struct fake_step *step = &fake.steps[fake.done];

		if (step->hear != NULL || fake.octets < step->octets)
			return;
		fake.done++;
		say(step->say);
	}
}

static void
hear(const char *command)
{
	const struct fake_step *step = &fake.steps[fake.done];

	if (fake.done == fake.count || step->hear == NULL ||
	    strcmp(step->hear, command) != 0) {
		fake.surprised = fake.surprised || strcmp(command, "QUIT") != 0;
		return;
	}
	fake.done++;
	say(step->say);
	go_on();
}

/* A line of the data, with its line end: the end, or undotted and stored. */
static void
take_data(struct span line)
{
	if (span_is(line, ".\r\n")) {
		fake.in_data = false;
		fake.ended = true;
		write_down(&fake.dialogue, 'C', span_of("(the end)\n"));
		hear(".");
		return;
	}
	buf_add_span(&fake.data, line.at[0] == '.' ? span_from(line, 1) : line);
}

static void
take_command(struct span line)
{
	struct buf command;

	write_down(&fake.dialogue, 'C', line);
	buf_init(&command, CEILING);
	line.len -= line.len > 1 && line.at[line.len - 2] == '\r' ? 2 : 0;
	buf_add_span(&command, line);
	hear(buf_text(&command));
	buf_release(&command);
}

/* "BDAT n": what follows is no command. */
static bool
begin_chunk(struct span line)
{
	struct span rest = line, word;

	span_cut(&rest, ' ', &word);
	if (!span_is(word, "BDAT"))
		return false;
	write_down(&fake.dialogue, 'C', line);
	fake.chunk_left = strtoul(rest.at, NULL, 10);
	buf_clear(&fake.chunk_line);
	line.len -= 2;
	buf_add_span(&fake.chunk_line, line);
	return true;
}

static bool
take_chunk_byte(char c)
{
	buf_add_byte(&fake.data, c);
	fake.octets++;
	go_on();
	if (--fake.chunk_left > 0)
		return false;
	fake.ended = true;
	hear(buf_text(&fake.chunk_line));
	return true;
}

/* True when that byte made something whole that wants an answer. */
static bool
take_byte(char c)
{
	bool in_data = fake.in_data;
	struct span line;

	if (fake.chunk_left > 0)
		return take_chunk_byte(c);
	buf_add_byte(&fake.line, c);
	if (in_data) {
		fake.octets++;
		go_on();
	}
	line = buf_span(&fake.line);
	/* A line of data ends in CRLF and nothing else. */
	if (c != '\n' ||
	    (in_data && (line.len < 2 || line.at[line.len - 2] != '\r')))
		return false;
	if (in_data)
		take_data(line);
	else if (!begin_chunk(line))
		take_command(line);
	buf_clear(&fake.line);
	return !in_data || !fake.in_data;
}

int
stream_global_init(struct error *err)
{
	(void)err;
	return 0;
}

struct stream *
stream_open(const struct stream_options *options, struct capabilities *caps,
    struct error *err)
{
	(void)options;
	if (fake.unreachable) {
		error_set(err, ERR_PERMISSION, "unreachable");
		return NULL;
	}
	*caps = fake.caps;
	go_on();
	return must_calloc(1, sizeof(struct stream));
}

void
stream_close(struct stream *s)
{
	fake.closed = fake.closed || s != NULL;
	free(s);
}

/* What the client sends; false: it is not taken to its end. */
static bool
take_bytes(struct span bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		bool more = i + 1 < bytes.len;

		if (fake.limit > 0 && fake.taken == fake.limit)
			fake.ending = fake.deaf = true;
		if (fake.deaf)
			return false;
		fake.taken++;
		if (take_byte(bytes.at[i]) && more && !fake.caps.pipelining)
			fake.hurried = true;
	}
	return true;
}

ssize_t
stream_move(struct stream *s, struct span *out, char *to, size_t size,
    int64_t timeout_ms, struct error *err)
{
	size_t n = fake.voice.len;

	(void)s;
	n = n < size ? n : size;
	n = fake.chunk > 0 && fake.chunk < n ? fake.chunk : n;
	if (n > 0) {
		memcpy(to, fake.voice.at, n);
		buf_drop(&fake.voice, n);
		return (ssize_t)n;
	}
	if (fake.cut)
		return error_set(err, ERR_TEMPORARY, "connection lost (read)");
	if (fake.ending)
		return STREAM_ENDED;
	if (out->len > 0) {
		n = fake.gulp > 0 && fake.gulp < out->len ? fake.gulp
							  : out->len;
		fake.writes++;
		if (!take_bytes(span(out->at, n)))
			return error_set(
			    err, ERR_TEMPORARY, "connection lost (write)");
		*out = span_from(*out, n);
		return 0;
	}
	if (timeout_ms == 0)
		return 0;
	fake.patience = timeout_ms;
	return error_set(err, ERR_TEMPORARY, "the relay said nothing");
}

void
stream_show(struct stream *s, char side, struct span line)
{
	(void)s;
	write_down(&fake.shown, side, line);
}
