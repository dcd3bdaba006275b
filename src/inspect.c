/* SPDX-License-Identifier: ISC */
/* The verb of --probe in delivery. */
#include "inspect.h"

#include "base/clock.h"
#include "base/process.h"
#include "base/text.h"
#include "cli/exitcode.h"
#include "cli/probed.h"
#include "config/mechanism.h"
#include "delivery/findings.h"
#include "queue/store.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <sysexits.h>

/* Who renews by hand needs so much time. */
#define SOON ((time_t)14 * 86400)

static void __attribute__((format(printf, 2, 3)))
say(const char *key, const char *fmt, ...)
{
	char value[PROBED_VALUE_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(value, sizeof value, fmt, ap);
	va_end(ap);
	text_make_printable(value);
	printf("%s %s\n", key, value);
}

static void
say_lines(const char *key, const struct buf *lines)
{
	struct span rest = buf_span(lines), line;

	while (span_cut(&rest, '\n', &line))
		if (line.len > 0)
			say(key, "%.*s", SPAN_ARG(line));
}

static void
say_way(const struct findings *f)
{
	static const char *const tls[] = {
	    [TLS_IMPLICIT] = "implicit",
	    [TLS_STARTTLS] = "starttls",
	    [TLS_NONE] = "none",
	};

	say_lines("away", &f->away);
	if (f->target.host[0] == '\0')
		return;
	say("host", "%s", f->target.host);
	if (f->target.host[0] != '/')
		say("port", "%u", (unsigned)f->target.port);
	say("tls", "%s", tls[f->target.tls]);
	if (f->address[0] != '\0')
		say("address", "%s", f->address);
	if (f->connect_us > 0)
		say("round-trip-us", "%" PRId64, f->connect_us);
	if (f->tls[0] != '\0')
		say("session", "%s", f->tls);
	if (f->dane[0] != '\0')
		say("dane", "%s", f->dane);
}

static void
say_chain(const struct findings *f)
{
	for (size_t i = 0; i < f->chain_count; i++) {
		const struct certificate *c = &f->chain[i];

		say("certificate", "%s", c->subject);
		say("issuer", "%s", c->issuer);
		say("from", "%lld", (long long)c->from);
		say("until", "%lld", (long long)c->until);
		if (c->pin[0] != '\0')
			say("pin", "%s", c->pin);
	}
}

/* What the server says it can do, and what is made of it. */
static void
say_session(
    const struct relay *r, const struct findings *f, const struct session *s)
{
	static const char *const modes[] = {
	    [MODE_LOCKSTEP] = "command by command",
	    [MODE_AHEAD] = "DATA, the next envelope ahead of the answer",
	    [MODE_STREAM] = "BDAT, without waiting for answers",
	};

	int chosen =
	    mechanism_choose(r->auth & mechanism_set(span_of(f->mechanisms)));

	if (s->caps.size_max > 0)
		say("size", "%" PRId64, s->caps.size_max);
	say("sends", "%s", modes[s->mode]);
	if (chosen >= 0 && mechanism_is_wanted(r))
		say("login", "%s", mechanism_name(chosen));
}

/* What works, and not well. */
static void
say_remarks(const struct config *config, const struct relay *r,
    const struct findings *f, const struct session *s)
{
	time_t left =
	    f->chain_count > 0 ? f->chain[0].until - clock_now() : SOON;

	if (left < SOON && !r->tls_pin_only)
		say("remark",
		    "the certificate is over in %lld days; whoever runs the "
		    "relay must renew it",
		    (long long)(left / 86400));
	if (s->caps.size_max > 0 && s->caps.size_max < config->max_size)
		say("remark",
		    "the relay takes less than max-size; write max-size = "
		    "\"%" PRId64 "\", so that callers hear of it at once",
		    s->caps.size_max);
	if (f->target.tls == TLS_NONE && f->target.host[0] != '/')
		say("remark",
		    "there is no TLS: whoever is on the way can read and "
		    "change all mail; remove tls = none if the relay has it");
}

static int
code_of(const struct findings *f, const struct error *err)
{
	if (err->kind == ERR_TEMPORARY && f->lasting)
		return exitcode_of(ERR_REFUSED);
	return exitcode_of(err->kind);
}

static int
inspect_one(struct courier *c, struct post *post)
{
	struct findings found;
	struct error err = {0};
	int code = EX_OK;

	findings_init(&found);
	c->findings = &found;
	say("relay", "%s", post->relay->name);
	fflush(stdout);
	if (post_open(c, post, &err) != 0)
		code = code_of(&found, &err);
	c->findings = NULL;
	say_way(&found);
	say_chain(&found);
	say_lines("before", &found.before);
	say_lines("offers", &found.offered);
	if (code == EX_OK) {
		say_session(post->relay, &found, &post->session);
		say_remarks(c->config, post->relay, &found, &post->session);
	} else {
		say("problem", "%s", err.text);
	}
	say("code", "%d", code);
	printf("end\n");
	post_close(post);
	findings_release(&found);
	return code;
}

/* What is remembered of a relay counts here as it does for a delivery: a login
 * that was bound to TLS. */
static void
remember(struct courier *c, struct store *store)
{
	struct error ignored;

	if (c->config->queue_enabled && store_open(store, c->config->queue_path,
					    c->config->own, &ignored) == 0)
		c->store = store;
}

static int
inspect_all(struct courier *c, const char *relay)
{
	int worst = EX_OK;

	for (size_t i = 0; i < c->config->relay_count; i++) {
		int code;

		if (relay != NULL &&
		    config_relay(c->config, relay) != &c->config->relays[i])
			continue;
		code = inspect_one(c, &c->posts[i]);
		worst = worst != EX_OK ? worst : code;
	}
	return worst;
}

int
inspect(struct courier *c, const char *relay, struct error *err)
{
	struct store store;
	int code;

	if (!process_is_trusted())
		return error_set(err, ERR_PERMISSION,
		    "--probe is for root, or the owner of the queue: it logs "
		    "in");
	if (relay != NULL && config_route(c->config, "", relay, err) == NULL)
		return -1;
	if (c->config->relay_count == 0)
		return error_set(
		    err, ERR_CONFIG, "%s: no relay", c->config->path);
	remember(c, &store);
	code = inspect_all(c, relay);
	if (c->store != NULL)
		store_close(&store);
	c->store = NULL;
	if (fflush(stdout) != 0)
		return error_errno(err, ERR_IO, "stdout");
	return code;
}
