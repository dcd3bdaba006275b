/* SPDX-License-Identifier: ISC */
/* A relay is authorized by a person. */
#include "consent.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/process.h"
#include "oauth/code.h"
#include "oauth/command.h"
#include "oauth/device.h"
#include "oauth/oauth.h"
#include "queue/pause.h"
#include "queue/store.h"

#include <stdarg.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

/* Nobody shall wait for what is behind a buffer. */
static void __attribute__((format(printf, 1, 2))) say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	fflush(stdout);
}

static const char *
account_of(const struct relay *relay)
{
	return relay->oauth->login ? relay->oauth->login : relay->user;
}

static int
by_device(const struct relay *relay, struct answer *token, struct error *err)
{
	struct answer a = {0};
	int rc = device_begin(relay, &a, err);

	if (rc == 0) {
		say("To authorize relay \"%s\", open\n\n    %s\n\n"
		    "in any browser, log in as %s, and enter\n\n    %s\n\n",
		    relay->name, a.verification_uri, account_of(relay),
		    a.user_code);
		rc = device_wait(relay, &a, token, err);
	}
	answer_release(&a);
	return rc;
}

static void
say_address(const struct relay *relay, struct code *c)
{
	say("To authorize relay \"%s\", open\n\n    %s\n\n"
	    "in a browser, and log in as %s. ",
	    relay->name, buf_text(&c->address), account_of(relay));
	if (c->listener < 0)
		say("Then copy the address that the\n"
		    "browser ends at to here:\n");
	else
		say("Where the browser is on another\nhost, it ends at an "
		    "address that it cannot open: copy that to here.\n");
}

static int
by_code(const struct relay *relay, struct answer *token, struct error *err)
{
	struct code c;
	enum redirect got = REDIRECT_FAILED;
	int rc = code_begin(&c, relay, STDIN_FILENO, err);

	if (rc == 0) {
		say_address(relay, &c);
		while ((got = code_wait(&c, err)) == REDIRECT_OTHER)
			say("That is not it: the address has code= and "
			    "state= in it, and is of this run.\n");
		rc = got == REDIRECT_CODE ? code_redeem(&c, token, err) : -1;
	}
	code_end(&c);
	return rc;
}

/* A token can be had without anybody: by what is configured, now. */
static int
try_it(
    const struct config *config, const struct relay *relay, struct error *err)
{
	const struct oauth_request request = {.config = config, .relay = relay};
	struct buf token;
	int least, rc;

	buf_init(&token, SECRET_MAX);
	rc = relay->oauth->grant == GRANT_COMMAND
		 ? command_token(relay, &token, err)
		 : oauth_token(&request, &token, &least, err);
	buf_wipe(&token);
	buf_release(&token);
	if (rc == 0)
		say("Relay \"%s\" needs no authorization: a token was had.\n",
		    relay->name);
	return rc;
}

/* What waits for it need not wait for the next probe. */
static void
end_pause(const struct config *config, const struct relay *relay)
{
	struct error ignored;
	struct store store;

	if (!config->queue_enabled ||
	    store_open(&store, config->queue_path, config->own, &ignored) != 0)
		return;
	pause_clear(&store, relay->name, &ignored);
	store_close(&store);
}

static int
ask_person(
    const struct config *config, const struct relay *relay, struct error *err)
{
	struct answer token = {0};
	int rc;

	/* They agree once, and what comes of it must not find a full disk. */
	if (oauth_can_keep(config, relay, err) != 0)
		return -1;
	rc = relay->oauth->grant == GRANT_DEVICE ? by_device(relay, &token, err)
						 : by_code(relay, &token, err);
	if (rc == 0)
		rc = oauth_keep(config, relay, &token, clock_now(), err);
	answer_release(&token);
	if (rc != 0)
		return -1;
	log_info("relay \"%s\" is authorized by uid %lu", relay->name,
	    (unsigned long)process_caller());
	say("Relay \"%s\" is authorized; to send now what waits: pillarbox "
	    "--flush --force --relay %s\n",
	    relay->name, relay->name);
	return 0;
}

int
consent(const struct config *config, const char *name, struct error *err)
{
	const struct relay *relay = config_relay(config, name);
	int rc;

	if (!process_is_trusted())
		return error_set(err, ERR_PERMISSION,
		    "--authorize is for root, or the owner of the queue");
	if (relay == NULL)
		return error_set(err, ERR_CONFIG,
		    "%s: there is no relay \"%s\"", config->path, name);
	if (relay->oauth == NULL)
		return error_set(err, ERR_CONFIG,
		    "relay \"%s\" has no section oauth; pillarbox-oauth(7) "
		    "says what to write",
		    name);
	rc = relay->oauth->grant == GRANT_CODE ||
		     relay->oauth->grant == GRANT_DEVICE
		 ? ask_person(config, relay, err)
		 : try_it(config, relay, err);
	if (rc == 0)
		end_pause(config, relay);
	return rc == 0 ? EX_OK : -1;
}
