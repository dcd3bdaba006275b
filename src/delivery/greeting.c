/* SPDX-License-Identifier: ISC */
/* What the server says before the dialogue is ours. */
#include "delivery/greeting.h"

#define CODE_EHLO 250
#define CODE_LOGGED_IN 235

static void
begin(struct greeting *g, struct span line)
{
	reply_init(&g->reply);
	g->in_reply = true;
	if (g->ehlo_wanted > 0 && g->ehlo_count >= g->ehlo_wanted)
		g->login = true;
	/* Before the login only EHLO (or HELO) is answered by 250. */
	if (!g->login && span_starts(line, "250"))
		g->caps = (struct capabilities){0};
}

int
greeting_take(struct greeting *g, struct span line)
{
	bool first = !g->in_reply, is_ehlo;
	enum reply_result result;

	if (first)
		begin(g, line);
	g->ehlo_done = false;
	/* RFC 5321 4.2: 334 is the one code of 3yz here; all are taken. */
	result = reply_take(&g->reply, line);
	if (result == REPLY_BROKEN)
		return -1;
	is_ehlo = !g->login && g->reply.code == CODE_EHLO;
	if (is_ehlo && !first && line.len > 4)
		capability_take(&g->caps, span_from(line, 4));
	if (result == REPLY_MORE)
		return 0;
	g->in_reply = false;
	if (is_ehlo) {
		g->ehlo_done = true;
		g->ehlo_count++;
	}
	if (g->reply.code == CODE_LOGGED_IN)
		g->logged_in = true;
	return 0;
}
