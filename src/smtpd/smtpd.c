/* SPDX-License-Identifier: ISC */
/* One session of SMTP. */
#include "smtpd/smtpd.h"

#include "base/io.h"
#include "smtpd/commands.h"
#include "smtpd/reply.h"

#include <stdlib.h>
#include <string.h>

static void
before_wait(void *context)
{
	reply_flush(context);
}

static void
end(struct dialogue *g, const char *why)
{
	g->over = true;
	reply(g, "421 %s; %s closes", why, g->d->host_name);
}

static void
take_line(struct dialogue *g, struct span line, enum line_kind_seen kind)
{
	if (g->in.line_end == LINE_END_LF && !g->d->lf_allowed)
		end(g, "4.5.2 lines end in CR LF");
	else if (kind == LINE_LONG)
		reply(
		    g, "500 5.5.2 line longer than %d octets", INPUT_LINE_MAX);
	else if (kind == LINE_BROKEN)
		reply(g, "500 5.5.2 a control character in the line");
	else
		commands_run(g, line);
	if (g->slips >= SLIPS_MAX && !g->over)
		end(g, "4.7.0 too many mistakes");
}

static void
speak(struct dialogue *g)
{
	enum line_kind_seen kind;
	struct span line;

	reply(g, "220 %s ESMTP pillarbox", g->d->host_name);
	reply_flush(g);
	while (!g->over && input_line(&g->in, before_wait, g, &line, &kind))
		take_line(g, line, kind);
}

int
smtpd_run(const struct smtpd *d, struct error *err)
{
	struct dialogue *g = must_calloc(1, sizeof *g);
	int rc = 0;

	g->d = d;
	g->state = STATE_NEW;
	buf_init(&g->out, 8 * KIB);
	input_init(&g->in, d->in, d->patience_ms);
	speak(g);
	if (g->in.end == INPUT_FAILED)
		rc = error_set(err, ERR_TEMPORARY,
		    "cannot read the standard input: %s",
		    strerror(g->in.error));
	if (g->in.end == INPUT_LATE)
		end(g, "4.4.2 nothing was said for too long");
	reply_flush(g);
	dialogue_reset(g);
	buf_release(&g->out);
	free(g);
	return rc;
}

void
smtpd_decline(int out, const char *why)
{
	char line[512];
	size_t len = reply_write(line, sizeof line, "421 4.3.5 %s", why);

	io_write(out, line, len);
}
