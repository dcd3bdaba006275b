/* SPDX-License-Identifier: ISC */
/*
 * A whole session with a server that says the input, whatever it is asked. Its
 * first four octets are how the server is to be met: what it offers, how many
 * messages there are, how many octets come at a time, how it ends. A 0xFF waits
 * until the client has sent something more.
 *
 * Each message comes back once, nothing goes on for ever, and no more is
 * delivered than the server said yes.
 */
#include "strict.h"

#include "base/io.h"
#include "delivery/session.h"
#include "delivery/stream.h"
#include "target.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MESSAGES_MAX 5
#define WAITS 0xFF
#define MOVES_MAX 200000

struct stream {
	int unused;
};

static struct {
	struct span all, rest; /* what the server says */
	size_t piece;          /* octets at a time */
	bool hangs_up;         /* in the end; or it falls silent */
	size_t moves;
} server;

static struct capabilities offered;

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
	(void)options, (void)err;
	*caps = offered;
	return must_calloc(1, sizeof(struct stream));
}

void
stream_close(struct stream *s)
{
	free(s);
}

void
stream_lift_deadline(struct stream *s)
{
	(void)s;
}

void
stream_show(struct stream *s, char side, struct span line)
{
	(void)s, (void)side, (void)line;
}

static ssize_t
speak(char *to, size_t size)
{
	const char *wait = memchr(server.rest.at, WAITS, server.rest.len);
	size_t n =
	    wait != NULL ? (size_t)(wait - server.rest.at) : server.rest.len;

	n = n < size ? n : size;
	n = n < server.piece ? n : server.piece;
	memcpy(to, server.rest.at, n);
	server.rest = span_from(server.rest, n);
	return (ssize_t)n;
}

ssize_t
stream_move(struct stream *s, struct span *out, char *to, size_t size,
    int64_t timeout_ms, struct error *err)
{
	ssize_t n = speak(to, size);

	(void)s;
	strict_must(++server.moves < MOVES_MAX, "no end", server.all);
	if (n > 0)
		return n;
	if (server.rest.len == 0 && server.hangs_up)
		return STREAM_ENDED;
	if (out->len == 0 && timeout_ms == 0)
		return 0;
	/* It waits for us, or has waited long enough. */
	if (server.rest.len > 0)
		server.rest = span_from(server.rest, 1);
	else if (out->len == 0)
		return error_set(err, ERR_TEMPORARY, "the relay said nothing");
	*out = span_from(*out, out->len);
	return 0;
}

struct messages {
	struct envelope envelope;
	struct recipient rcpt[3];
	struct transaction t[MESSAGES_MAX];
	size_t count, back;
};

static void
make(struct transaction *t, const struct envelope *envelope, size_t number)
{
	static const char line[] = ".a line\r\n";
	static char lines[SPECULATIVE_MAX + 18];

	transaction_init(t, envelope);
	/* The last one is too large to be sent before it is wanted. */
	t->size = sizeof line - 1;
	if (number + 1 == MESSAGES_MAX)
		t->size *= SPECULATIVE_MAX / t->size + 1;
	for (size_t i = 0; i < sizeof lines / 9 && lines[9 * i] == '\0'; i++)
		memcpy(lines + 9 * i, line, 9);
	t->fd = memfd_create("message", MFD_CLOEXEC);
	io_write(t->fd, lines, (size_t)t->size);
	lseek(t->fd, 0, SEEK_SET);
}

/* How often did it say so? */
static size_t
count_yes(void)
{
	size_t yes = 0;

	for (size_t i = 0; i < server.all.len; i++)
		yes += server.all.at[i] == '2';
	return yes;
}

static void
check(const struct messages *m)
{
	size_t yes = count_yes(), delivered = 0;

	strict_must(m->back == m->count, "a message that is lost", server.all);
	for (size_t i = 0; i < m->count; i++) {
		bool taken = false;

		for (size_t k = 0; k < m->envelope.rcpt_count; k++) {
			const struct result *r = &m->t[i].results[k];

			strict_must(r->outcome <= OUTCOME_IN_DOUBT,
			    "an outcome that is none", server.all);
			taken = taken || r->outcome == OUTCOME_ACCEPTED;
		}
		delivered += taken;
	}
	/* MAIL, RCPT and the end of each. */
	strict_must(3 * delivered <= yes, "more than it took", server.all);
}

static void
take_back(struct session *s, struct messages *m, bool wait)
{
	struct transaction *t;
	struct error err;
	int rc;

	while ((rc = session_next(s, wait, &t, &err)) != 0) {
		strict_must(t == &m->t[m->back], "out of order", server.all);
		strict_must(rc == 1 || err.text[0] != '\0',
		    "an error without words", server.all);
		m->back++;
	}
}

static void
talk(struct messages *m, const struct stream_options *options)
{
	struct session s;
	struct error err;

	if (session_open(&s, options, &err) != 0)
		return;
	for (size_t i = 0; i < m->count; i++) {
		session_push(&s, &m->t[i]);
		take_back(&s, m, false);
	}
	take_back(&s, m, true);
	session_close(&s);
	check(m);
}

static void
offer(uint8_t bits)
{
	offered = (struct capabilities){
	    .pipelining = bits & 1,
	    .chunking = bits & 2,
	    .eight_bit_mime = bits & 4,
	    .dsn = bits & 8,
	    .size = bits & 16,
	    .size_max = bits & 32 ? 1000 : 0,
	    .enhanced_codes = true,
	};
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char alice[] = "alice@example.com", bob[] = "bob@example.net",
		    carol[] = "carol@example.net", dan[] = "dan@example.net";
	struct relay relay = {
	    .timeout_ms = 1000, .window = 32, .window_size = 1 * MIB};
	const struct stream_options options = {.relay = &relay};
	struct messages m = {
	    .rcpt = {{.address = bob}, {.address = carol}, {.address = dan}}};

	if (size < 4)
		return 0;
	m.envelope = (struct envelope){
	    .sender = alice, .rcpt = m.rcpt, .rcpt_count = 1 + data[3] % 3U};
	m.count = 1 + data[1] % MESSAGES_MAX;
	for (size_t i = 0; i < m.count; i++)
		make(&m.t[i], &m.envelope, i + MESSAGES_MAX - m.count);
	offer(data[0]);
	relay.protocol = data[0] & 64 ? PROTOCOL_LMTP : PROTOCOL_SMTP;
	server.all = server.rest = span((const char *)data + 4, size - 4);
	server.piece = data[2] > 0 ? data[2] : SIZE_MAX;
	server.hangs_up = data[3] & 128;
	server.moves = 0;
	talk(&m, &options);
	for (size_t i = 0; i < m.count; i++) {
		close(m.t[i].fd);
		transaction_release(&m.t[i]);
	}
	return 0;
}
