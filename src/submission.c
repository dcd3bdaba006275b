/* SPDX-License-Identifier: ISC */
/* A message on its way into the queue. */
#include "submission.h"

#include "base/clock.h"
#include "base/log.h"
#include "handover.h"
#include "message/address.h"
#include "message/dsn.h"
#include "resolve.h"

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

int
submission_begin(
    struct submission *s, const struct options *o, struct error *err)
{
	*s = (struct submission){.options = o};
	if (config_load(&s->config, o->config, err) != 0)
		return -1;
	/* Our own stderr is the caller's, who hears of it anyway. */
	log_choose(
	    s->config.log == LOG_TO_SYSLOG ? LOG_TO_SYSLOG : LOG_TO_NOTHING,
	    s->config.log_json);
	outgoing_init(&s->message, s->config.max_size);
	paths_caller(&s->caller);
	return 0;
}

void
submission_release(struct submission *s)
{
	aliases_release(&s->aliases);
	entry_release(&s->entry);
	paths_caller_release(&s->caller);
	outgoing_release(&s->message);
	config_release(&s->config);
}

int
submission_address(struct submission *s, struct error *err)
{
	const struct options *o = s->options;
	struct error ignored;
	const struct relay *relay =
	    config_route(&s->config, "", o->relay, o->relay ? err : &ignored);
	const struct envelope_request request = {
	    .sender = o->sender,
	    .rcpt = o->arguments,
	    .rcpt_count = o->argument_count,
	    .from_header = o->from_header,
	    .extract_remove = s->config.extract_remove,
	    .domain = s->config.domain,
	    .after_dashes = o->after_dashes,
	    .login = s->caller.login,
	    .host_name = s->config.host_name,
	    .relay_from = relay != NULL ? relay->from : NULL,
	    .bare_allowed = s->config.domain != NULL,
	    .has_alias = submission_has_alias,
	    .context = s,
	};

	if (o->relay != NULL && relay == NULL)
		return -1;
	if (envelope_make(&s->entry.envelope, &request,
		buf_span(&s->message.in.head), err) != 0)
		return -1;
	return dsn_request(
	    &s->entry.envelope, o->notify, o->ret, o->envid, err);
}

/* A message for which there is no relay would only wait in the queue. */
static int
check_relay(struct submission *s, struct error *err)
{
	const struct envelope *e = &s->entry.envelope;

	if (config_route(&s->config, e->sender, s->options->relay, err) == NULL)
		return -1;
	if (s->options->relay != NULL)
		snprintf(s->entry.relay, sizeof s->entry.relay, "%s",
		    s->options->relay);
	return 0;
}

/* Who stands in From when the header has none and the sender is null. */
static char *
author(const struct submission *s)
{
	const char *sender = s->entry.envelope.sender;

	if (sender[0] != '\0')
		return must_strdup(sender);
	return address_join(s->caller.login, s->config.host_name);
}

static int
mend(struct submission *s, struct error *err)
{
	struct envelope *e = &s->entry.envelope;
	char *from = author(s);
	const struct completion c = {
	    .now_us = clock_now_us(),
	    .sender = from,
	    .full_name = s->options->full_name != NULL ? s->options->full_name
						       : s->caller.full_name,
	    .host_name = s->config.host_name,
	    .domain = s->config.domain != NULL ? s->config.domain
					       : s->config.host_name,
	    .received = s->config.received,
	    .hop = s->hop,
	    .uid = getuid(),
	};
	int rc = outgoing_mend(&s->message, &c, err);

	free(from);
	e->require_tls = s->options->require_tls;
	e->utf8 = e->utf8 || s->message.utf8;
	e->eight_bit = e->utf8 || s->message.eight_bit;
	s->entry.size = s->message.size;
	return rc;
}

int
submission_finish(struct submission *s, struct error *err)
{
	return check_relay(s, err) == 0 ? mend(s, err) : -1;
}

bool
submission_has_alias(void *context, const char *name)
{
	struct submission *s = context;
	struct alias_scope scope = resolve_scope(&s->config, &s->aliases);
	struct error ignored;

	if (s->config.aliases == NULL || address_domain_of(name)[0] != '\0')
		return false;
	/* What we cannot read may have it. */
	return resolve_load(&s->aliases, &s->config, &ignored) != 0 ||
	       alias_is_known(&scope, name);
}

int
submission_resolve(struct submission *s, struct error *err)
{
	entry_begin(&s->entry);
	return resolve_all(&s->entry, &s->config, &s->aliases, err);
}

static enum delivery_mode
mode_of(const struct submission *s)
{
	switch (s->options->delivery) {
	case WISH_BACKGROUND:
		return DELIVERY_BACKGROUND;
	case WISH_FOREGROUND:
		return DELIVERY_FOREGROUND;
	case WISH_QUEUE:
		return DELIVERY_QUEUE;
	case WISH_NONE:
		break;
	}
	return s->config.delivery;
}

int
submission_send(struct submission *s, char *id, size_t size, struct error *err)
{
	enum delivery_mode mode = mode_of(s);
	bool seen_to;
	int code;

	id[0] = '\0';
	if (!s->config.queue_enabled)
		return handover_direct(s, err);
	code = handover_queue(s, mode, id, size, &seen_to, err);
	if (code != EX_OK || seen_to)
		return code;
	return handover_attempt(s, id, mode == DELIVERY_FOREGROUND);
}
