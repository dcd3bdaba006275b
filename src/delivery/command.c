/* SPDX-License-Identifier: ISC */
/* What is asked of the relay, in its words. */
#include "delivery/command.h"

#include "delivery/asked.h"
#include "delivery/talk.h"
#include "message/address.h"

/* What stands in s->out from begin on is a command, and complete. */
static void
asked(struct session *s, size_t begin, enum command command, struct flight *f,
    size_t rcpt)
{
	stream_show(s->stream, 'C', span_from(buf_span(&s->out), begin));
	asked_add(s, command, f, rcpt, talk_place(s));
}

static void
ask(struct session *s, enum command command, const char *line, struct flight *f)
{
	size_t begin = s->out.len;

	buf_add_text(&s->out, line);
	asked(s, begin, command, f, 0);
}

void
command_rset(struct session *s, struct flight *f)
{
	ask(s, COMMAND_RSET, "RSET\r\n", f);
}

void
command_mail(struct session *s, struct flight *f)
{
	const struct transaction *t = f->t;
	const struct envelope *e = t->envelope;
	size_t begin = s->out.len;

	f->t->dsn = s->caps.dsn;
	buf_printf(&s->out, "MAIL FROM:<%s>",
	    t->sender != NULL ? t->sender : e->sender);
	if (s->caps.size)
		buf_printf(&s->out, " SIZE=%lld", (long long)t->size);
	if (e->eight_bit && s->caps.eight_bit_mime)
		buf_add_text(&s->out, " BODY=8BITMIME");
	if (e->utf8)
		buf_add_text(&s->out, " SMTPUTF8");
	if (e->require_tls)
		buf_add_text(&s->out, " REQUIRETLS");
	if (s->caps.dsn && e->ret != NULL)
		buf_printf(&s->out, " RET=%s", e->ret);
	if (s->caps.dsn && e->envid != NULL)
		buf_printf(&s->out, " ENVID=%s", e->envid);
	buf_add_text(&s->out, "\r\n");
	asked(s, begin, COMMAND_MAIL, f, 0);
}

void
command_rcpt(struct session *s, struct flight *f, size_t i)
{
	const struct transaction *t = f->t;
	const struct recipient *rcpt = &t->envelope->rcpt[i];
	struct span address = span_of(rcpt->address);
	bool bare = address_domain(address) == address.len;
	size_t begin = s->out.len;

	buf_printf(&s->out, "RCPT TO:<%s%s%s>", rcpt->address,
	    bare && t->domain ? "@" : "", bare && t->domain ? t->domain : "");
	if (s->caps.dsn && rcpt->notify != NULL)
		buf_printf(&s->out, " NOTIFY=%s", rcpt->notify);
	if (s->caps.dsn && rcpt->orcpt != NULL)
		buf_printf(&s->out, " ORCPT=%s", rcpt->orcpt);
	buf_add_text(&s->out, "\r\n");
	f->t->results[i].asked = true;
	f->asked++;
	asked(s, begin, COMMAND_RCPT, f, i);
}

void
command_data(struct session *s, struct flight *f)
{
	ask(s, COMMAND_DATA, "DATA\r\n", f);
}

void
command_bdat(struct session *s, struct flight *f)
{
	size_t begin = s->out.len;

	buf_printf(&s->out, "BDAT %lld LAST\r\n", (long long)f->t->size);
	stream_show(s->stream, 'C', span_from(buf_span(&s->out), begin));
	stream_show(s->stream, 'C', span_of("(the message)"));
	f->end = talk_place(s) + (uint64_t)f->t->size;
	asked_add_end(s, f, f->end);
}

void
command_body(struct session *s, struct flight *f)
{
	stream_show(s->stream, 'C', span_of("(the message)"));
	asked_add_end(s, f, UINT64_MAX);
}

void
command_dot(struct session *s, struct flight *f)
{
	buf_add_text(&s->out, ".\r\n");
	f->end = talk_place(s);
	asked_end_due(s, f->end);
}
