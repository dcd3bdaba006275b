/* SPDX-License-Identifier: ISC */
/*
 * A report to a sender, of what outsiders chose: a byte of flags, a line each
 * of sender, recipient, ORCPT, ENVID and what the relay said, and the message.
 * What the queue does not let in (keyword.c) is left out.
 */
#include "strict.h"
#include "strict_report.h"

#include "base/limits.h"
#include "message/address.h"
#include "message/report.h"
#include "message/wire.h"
#include "target.h"

#include <stdio.h>
#include <stdlib.h>

enum flags {
	DELAYED = 1,
	FULL = 2,
	EXPIRED = 4,
	ANONYMOUS = 8, /* the relay is not known */
	TWICE = 16,    /* the recipient stands there twice */
};

/* Whose words these are does not matter: they end where a C string does. */
static char *
take_line(struct span *rest)
{
	struct span line;

	if (!span_cut(rest, '\n', &line))
		line = span("", 0);
	return strndup(line.at, line.len);
}

static char *
take_address(struct span *rest, const char *otherwise)
{
	char *address = take_line(rest);
	struct error ignored;

	if (address_check(span_of(address), &ignored) == 0)
		return address;
	free(address);
	return strdup(otherwise);
}

/* NULL: it is none of RFC 3461. */
static char *
take_parameter(struct span *rest, size_t most)
{
	char *text = take_line(rest);
	size_t n = 0;

	while (text[n] > ' ' && text[n] < 0x7f)
		n++;
	if (n > 0 && text[n] == '\0' && n <= most)
		return text;
	free(text);
	return NULL;
}

/* The message, as it stands in a queue; false: it cannot. */
static bool
put_original(struct span text, struct spool *to)
{
	struct wire_check wire;
	struct error err;
	struct buf all;
	char last = '\0';
	bool fine;

	buf_init(&all, 64 * MIB);
	wire_convert(text, &last, &all);
	wire_close(last, &all);
	wire_check_init(&wire);
	wire_check_take(&wire, buf_span(&all));
	fine = wire_check_end(&wire);
	if (fine && spool_add(to, buf_span(&all), &err) != 0)
		abort();
	buf_release(&all);
	return fine;
}

static void
read_back(const struct spool *from, struct buf *to)
{
	char *room = buf_room(to, (size_t)from->size + 1);
	struct error err;
	ssize_t n;

	if (room == NULL)
		abort();
	do {
		n = spool_read(from, (int64_t)to->len, room + to->len,
		    (size_t)from->size - to->len, &err);
		if (n < 0)
			abort();
		buf_grown(to, (size_t)n);
	} while (n > 0);
}

static void
compose(const struct report *r)
{
	bool eight_bit = false;
	struct error err = {0};
	struct spool text;
	struct buf all;

	spool_init(&text);
	buf_init(&all, 256 * MIB);
	strict_must(report_compose(r, &text, &eight_bit, &err) == 0,
	    "a report that cannot be", span_of(err.text));
	read_back(&text, &all);
	strict_report(buf_span(&all), eight_bit, r);
	buf_release(&all);
	spool_release(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = span((const char *)data, size);
	unsigned flags = size > 0 ? data[0] : 0;
	struct report_rcpt rcpt[2];
	struct spool original;
	struct report r;

	rest = span_from(rest, size > 0);
	spool_init(&original);
	r = (struct report){.delayed = flags & DELAYED,
	    .id = "064CAF04E37B91A2B3C",
	    .about = "064CAF04E37B90A2B3C",
	    .host_name = "host.example.org",
	    .sender = take_address(&rest, "alice@example.com"),
	    .full = flags & FULL,
	    .now = 1795289101,
	    .arrival = 1795289001,
	    .retry_until = 1795721001,
	    .delivered = flags & FULL,
	    .rcpt = rcpt,
	    .rcpt_count = flags & TWICE ? 2 : 1,
	    .original = &original};
	rcpt[0] = (struct report_rcpt){
	    .address = take_address(&rest, "bob@example.net"),
	    .orcpt = take_parameter(&rest, ORCPT_MAX),
	    .remote = flags & ANONYMOUS ? NULL : "smtp.example.com",
	    .last_attempt = 1795289100,
	    .expired = flags & EXPIRED};
	r.envid = take_parameter(&rest, ENVID_MAX);
	rcpt[0].text = take_line(&rest);
	rcpt[1] = rcpt[0];
	if (put_original(rest, &original))
		compose(&r);
	spool_release(&original);
	free((char *)rcpt[0].text);
	free((char *)rcpt[0].orcpt);
	free((char *)rcpt[0].address);
	free((char *)r.envid);
	free((char *)r.sender);
	return 0;
}
