/* SPDX-License-Identifier: ISC */
/* The greeting of LMTP. */
#include "delivery/lhlo.h"

#include "delivery/hear.h"

#include <stdio.h>

#define STRANGE "the relay does not speak LMTP"

static CURLcode
ask(struct hearing *h)
{
	char line[HOST_NAME_SIZE + 16];

	snprintf(
	    line, sizeof line, "LHLO %s\r\n", h->stream->options->host_name);
	return hear_say(h, span_of(line));
}

CURLcode
lhlo(struct stream *s)
{
	struct hearing h;
	CURLcode code;

	hear_init(&h, s, STRANGE);
	code = hear(&h);
	if (code == CURLE_OK && reply_class(&s->greeting.reply) != 2)
		code = hear_fault(s, CURLE_WEIRD_SERVER_REPLY, STRANGE);
	s->greeting.ehlo_done = false;
	if (code == CURLE_OK)
		code = ask(&h);
	if (code == CURLE_OK)
		code = hear(&h);
	if (code == CURLE_OK && !s->greeting.ehlo_done)
		code = hear_fault(s, CURLE_WEIRD_SERVER_REPLY, STRANGE);
	buf_release(&h.in);
	return code;
}
