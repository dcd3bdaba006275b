/* SPDX-License-Identifier: ISC */
/* Reports to the sender of an entry. */
#include "bounce.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "base/text.h"
#include "message/address.h"
#include "message/dsn.h"
#include "message/report.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

/* The host of the relay of that name, as RFC 3464 2.1.2 wants it; NULL when
 * there is no such relay any more, or it has several,
 * or is on this host. */
static char *
remote_of(const struct config *config, const char *name)
{
	const struct relay *relay = config_relay(config, name);
	unsigned char address[sizeof(struct in6_addr)];
	const char *name_of_host, *tag;
	char *host;
	struct buf b;

	if (relay == NULL || relay->hosts[0] == NULL ||
	    relay->hosts[1] != NULL || relay->hosts[0][0] == '/')
		return NULL;
	name_of_host = relay->hosts[0];
	if (inet_pton(AF_INET, name_of_host, address) == 1)
		tag = "";
	else if (inet_pton(AF_INET6, name_of_host, address) == 1)
		tag = "IPv6:";
	else
		return must_strdup(name_of_host);
	buf_init(&b, KIB);
	buf_printf(&b, "[%s%s]", tag, name_of_host);
	host = must_strdup(buf_text(&b));
	buf_release(&b);
	return host;
}

/* A report in the making, with what it owns. */
struct draft {
	const struct config *config;
	const struct entry *entry;
	struct report report;
	struct report_rcpt *rcpt;
	char id[ENTRY_ID_SIZE];
	char *sender;
	struct spool original, text;
	bool eight_bit;
};

static void
draft_release(struct draft *d)
{
	for (size_t i = 0; i < d->report.rcpt_count; i++) {
		free((char *)d->rcpt[i].address);
		free((char *)d->rcpt[i].remote);
	}
	free(d->rcpt);
	free(d->sender);
	spool_release(&d->text);
}

/* The word of NOTIFY that asks for what became of recipient i; NULL: that is
 * not what the report is about. */
static const char *
word_for(const struct draft *d, size_t i)
{
	const struct rcpt_status *status = &d->entry->status[i];

	if (d->report.delayed)
		return status->state == RCPT_WAITING ? "DELAY" : NULL;
	if (status->state == RCPT_REFUSED || status->state == RCPT_EXPIRED)
		return "FAILURE";
	return status->state == RCPT_DELIVERED && status->relayed ? "SUCCESS"
								  : NULL;
}

/* Who has it: a relay that may pass it on, or, by LMTP, the mailbox (RFC 3464
 * 2.3.3). NULL: nobody. */
static const char *
success(const struct draft *d, const struct rcpt_status *status)
{
	const struct relay *relay = config_relay(d->config, status->relay);

	if (status->state != RCPT_DELIVERED)
		return NULL;
	return relay != NULL && relay->protocol == PROTOCOL_LMTP ? "delivered"
								 : "relayed";
}

static void
add_rcpts(struct draft *d)
{
	const struct envelope *envelope = &d->entry->envelope;

	d->rcpt = must_calloc(envelope->rcpt_count, sizeof d->rcpt[0]);
	for (size_t i = 0; i < envelope->rcpt_count; i++) {
		const struct rcpt_status *status = &d->entry->status[i];
		const struct recipient *rcpt = &envelope->rcpt[i];
		const char *word = word_for(d, i);

		if (word == NULL || !dsn_wants(rcpt->notify, word))
			continue;
		d->rcpt[d->report.rcpt_count++] = (struct report_rcpt){
		    .address =
			address_qualify(rcpt->address, d->config->domain),
		    .orcpt = rcpt->orcpt,
		    .text = status->text != NULL ? status->text : "",
		    .remote = remote_of(d->config, status->relay),
		    .last_attempt = status->when,
		    .expired = status->state == RCPT_EXPIRED,
		    .success = success(d, status),
		};
	}
	d->report.rcpt = d->rcpt;
}

static void
draft_init(struct draft *d, const struct config *config,
    const struct entry_file *f, enum id_kind kind)
{
	const struct entry *e = &f->entry;

	*d = (struct draft){.config = config, .entry = e};
	spool_init(&d->text);
	spool_view(&d->original, f->fd, f->message_at, e->size);
	id_derive(e->id, kind, d->id);
	/* As RFC 3464 wants it, and a person too: with a domain. */
	d->sender = address_qualify(e->envelope.sender, config->domain);
	d->report = (struct report){
	    .delayed = kind == ID_NOTICE,
	    .id = d->id,
	    .about = e->id,
	    .host_name = config->host_name,
	    .sender = d->sender,
	    .envid = e->envelope.envid,
	    .full = kind == ID_REPORT && e->envelope.ret != NULL &&
		    !e->envelope.require_tls &&
		    strcmp(e->envelope.ret, "FULL") == 0,
	    .now = clock_now(),
	    .arrival = e->time,
	    .delivered = entry_count(e, RCPT_DELIVERED),
	    .original = &d->original,
	};
	add_rcpts(d);
}

/* The relay that had the message: it knows the sender, and a null sender alone
 * would lead to none. */
static const char *
relay_for(const struct draft *d)
{
	const struct entry *e = d->entry;

	if (e->relay[0] != '\0')
		return e->relay;
	for (size_t i = 0; i < e->envelope.rcpt_count; i++)
		if (config_relay(d->config, e->status[i].relay) != NULL)
			return e->status[i].relay;
	return "";
}

static int
queue(struct draft *d, struct store *s, struct error *err)
{
	struct entry e = {.time = d->report.now, .uid = d->entry->uid};
	int rc;

	e.size = d->text.size;
	memcpy(e.id, d->id, sizeof e.id);
	text_copy(e.relay, sizeof e.relay, span_of(relay_for(d)));
	e.envelope.sender = must_strdup("");
	e.envelope.eight_bit = d->eight_bit;
	e.envelope.utf8 = address_is_utf8(span_of(d->entry->envelope.sender));
	e.envelope.require_tls = d->entry->envelope.require_tls;
	rc = envelope_add(&e.envelope, span_of(d->entry->envelope.sender), err);
	if (rc == 0) {
		/* Should it go out with another sender than none after all. */
		e.envelope.rcpt[0].notify = must_strdup("NEVER");
		rc = store_put(s, &e, &d->text, err);
	}
	entry_release(&e);
	return rc;
}

static enum bounce
finish(struct draft *d, struct store *s, struct error *err)
{
	const struct entry *e = d->entry;

	if (e->envelope.sender[0] == '\0')
		return BOUNCE_IMPOSSIBLE;
	if (d->report.rcpt_count == 0)
		return BOUNCE_UNWANTED;
	if (report_compose(&d->report, &d->text, &d->eight_bit, err) != 0 ||
	    queue(d, s, err) != 0) {
		error_prefix(err, "the report to its sender");
		return BOUNCE_FAILED;
	}
	log_info("%s: %s to <%s> queued as %s", e->id,
	    d->report.delayed ? "notice of delay" : "report",
	    e->envelope.sender, d->id);
	return BOUNCE_QUEUED;
}

bool
bounce_is_due(const struct entry *e)
{
	if (e->envelope.sender[0] == '\0')
		return false;
	for (size_t i = 0; i < e->envelope.rcpt_count; i++)
		if (e->status[i].relayed &&
		    dsn_wants(e->envelope.rcpt[i].notify, "SUCCESS"))
			return true;
	return false;
}

enum bounce
bounce_settled(const struct config *config, struct store *s,
    const struct entry_file *f, struct error *err)
{
	enum bounce result;
	struct draft d;

	draft_init(&d, config, f, ID_REPORT);
	result = finish(&d, s, err);
	draft_release(&d);
	return result;
}

enum bounce
bounce_delayed(const struct config *config, const struct schedule *schedule,
    struct store *s, const struct entry_file *f, struct error *err)
{
	enum bounce result;
	struct draft d;

	draft_init(&d, config, f, ID_NOTICE);
	d.report.retry_until = f->entry.time + schedule->lifetime;
	result = finish(&d, s, err);
	draft_release(&d);
	return result;
}
