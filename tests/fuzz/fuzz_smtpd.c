/* SPDX-License-Identifier: ISC */
/* The first octet says how the rest, what a client says, is cut in pieces; what
 * it is told, and what is taken, is the same however it is cut. */
#include "strict.h"

#include "base/io.h"
#include "base/limits.h"
#include "message/address.h"
#include "smtpd/smtpd.h"
#include "target.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* As many pieces as a socket holds before anybody reads. */
#define PIECES_MAX 100

struct session {
	struct envelope envelope;
	struct outgoing message;
	struct buf taken;
	struct buf said;
	size_t count;
};

static void
check_envelope(const struct envelope *e, struct span sender)
{
	struct error err;

	strict_must(sender.len == 0 || address_check(sender, &err) == 0,
	    "a sender", sender);
	strict_must(e->rcpt_count > 0, "nobody to get it", sender);
	for (size_t i = 0; i < e->rcpt_count; i++)
		strict_must(
		    address_check(span_of(e->rcpt[i].address), &err) == 0,
		    "a recipient", span_of(e->rcpt[i].address));
}

static void
refused(void *context, struct span what, struct span why)
{
	(void)context, (void)what, (void)why;
}

static int
take(void *context, char *id, size_t size, struct error *err)
{
	struct session *s = context;
	const struct envelope *e = &s->envelope;

	check_envelope(e, span_of(e->sender));
	buf_printf(&s->taken, "%s\n", e->sender);
	for (size_t i = 0; i < e->rcpt_count; i++)
		buf_printf(&s->taken, "%s %s %s\n", e->rcpt[i].address,
		    e->rcpt[i].notify ? e->rcpt[i].notify : "",
		    e->rcpt[i].orcpt ? e->rcpt[i].orcpt : "");
	buf_add_span(&s->taken, buf_span(&s->message.in.head));
	buf_add_span(&s->taken, buf_span(&s->message.in.body.memory));
	/* Every fourth one is refused. */
	if (++s->count % 4 == 0)
		return error_set(err, ERR_TEMPORARY, "no room");
	snprintf(id, size, "ID");
	return 0;
}

static int
say(struct span bytes, size_t piece)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0)
		abort();
	while (bytes.len > 0) {
		size_t n = piece < bytes.len ? piece : bytes.len;

		if (send(ends[1], bytes.at, n, MSG_DONTWAIT) != (ssize_t)n)
			abort();
		bytes = span_from(bytes, n);
	}
	close(ends[1]);
	return ends[0];
}

/* RFC 5321 4.5.3.1.5. */
static void
check_replies(struct span said)
{
	struct span line;

	while (span_cut(&said, '\n', &line)) {
		strict_must(line.len >= 5 && line.len < 512 &&
				line.at[line.len - 1] == '\r',
		    "a reply that is no line", line);
		for (size_t i = 0; i + 1 < line.len; i++)
			strict_must(line.at[i] >= ' ' && line.at[i] <= '~',
			    "a reply that is not ASCII", line);
	}
}

static void
run(struct session *s, struct span bytes, size_t piece)
{
	struct error err;
	const struct smtpd d = {
	    .in = say(bytes, piece),
	    .out = memfd_create("out", 0),
	    .patience_ms = 0,
	    .lf_allowed = true,
	    .bare_allowed = true,
	    .host_name = "host.example",
	    .size_max = 500,
	    .take = take,
	    .refused = refused,
	    .context = s,
	    .envelope = &s->envelope,
	    .message = &s->message,
	};

	*s = (struct session){0};
	buf_init(&s->taken, 16 * MIB);
	buf_init(&s->said, 16 * MIB);
	outgoing_init(&s->message, d.size_max);
	strict_must(smtpd_run(&d, &err) == 0, "a failure", bytes);
	if (lseek(d.out, 0, SEEK_SET) != 0 ||
	    io_read_all(d.out, &s->said, "out", &err) != 0)
		abort();
	close(d.in);
	close(d.out);
	outgoing_release(&s->message);
	check_replies(buf_span(&s->said));
}

static bool
same(struct span a, struct span b)
{
	return a.len == b.len && memcmp(a.at, b.at, a.len) == 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct session whole, cut;
	struct span bytes;
	size_t piece;

	if (size < 2 || size > 64 * KIB)
		return 0;
	bytes = span((const char *)data + 1, size - 1);
	piece = bytes.len / PIECES_MAX + 1 + data[0] % 16;
	run(&whole, bytes, bytes.len);
	run(&cut, bytes, piece);
	strict_must(same(buf_span(&whole.said), buf_span(&cut.said)),
	    "other replies when cut", bytes);
	strict_must(same(buf_span(&whole.taken), buf_span(&cut.taken)),
	    "another message when cut", bytes);
	buf_release(&whole.said);
	buf_release(&whole.taken);
	buf_release(&cut.said);
	buf_release(&cut.taken);
	return 0;
}
