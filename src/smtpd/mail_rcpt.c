/* SPDX-License-Identifier: ISC */
/* MAIL and RCPT. */

#include "message/address.h"
#include "smtpd/path.h"
#include "smtpd/reply.h"

#include <stdlib.h>

static void
take(char **from, char **to)
{
	*to = *from;
	*from = NULL;
}

/* RFC 6531 3.5: an address beyond ASCII is for who asked for SMTPUTF8. */
static bool
is_unasked_utf8(struct buf *path, bool utf8)
{
	return !utf8 && address_is_utf8(buf_span(path));
}

static void
set_sender(struct dialogue *g, struct buf *path, struct parameters *p)
{
	struct envelope *e = g->d->envelope;
	struct error err;

	if (p->size > (unsigned long long)g->d->size_max) {
		reply(g, "552 5.3.4 message larger than max-size (%lld bytes)",
		    (long long)g->d->size_max);
	} else if (is_unasked_utf8(path, p->utf8)) {
		reply(g, "553 5.6.7 this address needs SMTPUTF8");
	} else if (envelope_set_sender(
		       e, buf_span(path), g->d->host_name, &err) != 0) {
		envelope_release(e);
		reply(g, "550 5.1.7 %s", err.text);
	} else {
		take(&p->ret, &e->ret);
		take(&p->envid, &e->envid);
		g->utf8 = p->utf8;
		g->state = STATE_MAIL;
		reply(g, "250 2.1.0 sender ok");
	}
}

/* One that was named before stays as it is. */
static int
add(struct dialogue *g, struct buf *path, struct parameters *p,
    struct error *err)
{
	struct envelope *e = g->d->envelope;
	size_t count = e->rcpt_count;
	char *address;
	bool bare;
	int rc;

	if (address_parse_one(buf_span(path), &address, err) != 0)
		return -1;
	rc = address_check(span_of(address), err);
	bare =
	    g->d->bare_allowed || (g->d->has_alias != NULL &&
				      g->d->has_alias(g->d->context, address));
	if (rc == 0)
		rc = envelope_add_new(e, &g->seen, address, bare, err);
	free(address);
	if (e->rcpt_count > count) {
		take(&p->notify, &e->rcpt[count].notify);
		take(&p->orcpt, &e->rcpt[count].orcpt);
	}
	return rc;
}

static void
add_recipient(struct dialogue *g, struct buf *path, struct parameters *p)
{
	struct error err;

	if (is_unasked_utf8(path, g->utf8)) {
		reply(g, "553 5.6.7 this address needs SMTPUTF8");
	} else if (add(g, path, p, &err) == 0) {
		g->state = STATE_RCPT;
		reply(g, "250 2.1.5 recipient ok");
	} else if (err.kind == ERR_RECIPIENT) {
		reply(g, "550 5.1.3 %s", err.text);
	} else {
		reply(g, "452 4.5.3 %s", err.text);
	}
}

/* Both are KEYWORD:<path> and parameters. */
static void
read_argument(struct dialogue *g, struct span argument, const char *keyword,
    enum parameters_for whom,
    void (*act)(struct dialogue *g, struct buf *path, struct parameters *p))
{
	struct parameters p = {0};
	const char *wrong;
	struct buf path;

	buf_init(&path, INPUT_LINE_MAX + 2);
	if (path_take(&argument, keyword, &path))
		wrong = parameters_read(argument, whom, &p);
	else
		wrong = whom == FOR_MAIL ? "501 5.5.4 write MAIL FROM:<address>"
					 : "501 5.5.4 write RCPT TO:<address>";
	if (wrong != NULL)
		reply(g, "%s", wrong);
	else
		act(g, &path, &p);
	parameters_release(&p);
	buf_release(&path);
}

void
take_mail(struct dialogue *g, struct span argument)
{
	read_argument(g, argument, "FROM:", FOR_MAIL, set_sender);
}

void
take_rcpt(struct dialogue *g, struct span argument)
{
	read_argument(g, argument, "TO:", FOR_RCPT, add_recipient);
}
