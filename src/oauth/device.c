/* SPDX-License-Identifier: ISC */
/* By another device. */
#include "oauth/device.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "oauth/form.h"

#include <time.h>

/* Seconds: where the server does not say, and what it cannot go beyond. */
#define INTERVAL 5
#define INTERVAL_MAX 60
#define LIFE 600
#define LIFE_MAX 1800

/* RFC 8628 3.5. */
#define SLOWER 5

#define GRANT "urn:ietf:params:oauth:grant-type:device_code"

/* Administrators close this way, and Google has it not for mail. */
static int
say_fault(const struct relay *relay, const char *endpoint,
    const struct answer *a, struct error *err)
{
	grant_fault(relay, endpoint, a, err);
	if (err->kind != ERR_TEMPORARY &&
	    relay->oauth->authorization_endpoint != NULL)
		error_append(err, "; where this way is closed, grant = code is "
				  "another");
	return -1;
}

int
device_begin(const struct relay *relay, struct answer *a, struct error *err)
{
	const char *endpoint = relay->oauth->device_endpoint;
	struct buf form;
	int rc;

	buf_init(&form, 2 * OAUTH_REPLY_MAX);
	rc = grant_begin(relay, NULL, &form, err);
	form_add(&form, "scope", relay->oauth->scope);
	if (rc == 0)
		rc =
		    grant_ask(relay, endpoint, &form, OAUTH_TIMEOUT_MS, a, err);
	buf_wipe(&form);
	buf_release(&form);
	if (rc != 0)
		return -1;
	if (a->error != NULL)
		return say_fault(relay, endpoint, a, err);
	if (a->verification_uri == NULL) {
		a->verification_uri = a->verification_url;
		a->verification_url = NULL;
	}
	if (a->device_code == NULL || a->user_code == NULL ||
	    a->verification_uri == NULL)
		return error_set(err, ERR_TEMPORARY,
		    "the device-endpoint gives no code for a device");
	return 0;
}

static int
poll_once(const struct relay *relay, const char *device_code,
    struct answer *token, struct error *err)
{
	struct buf form;
	int rc;

	buf_init(&form, 2 * OAUTH_REPLY_MAX);
	rc = grant_begin(relay, GRANT, &form, err);
	form_add(&form, "device_code", device_code);
	if (rc == 0)
		rc = grant_ask(relay, relay->oauth->token_endpoint, &form,
		    OAUTH_TIMEOUT_MS, token, err);
	buf_wipe(&form);
	buf_release(&form);
	return rc;
}

static int64_t
at_most(int64_t n, int64_t most)
{
	return n < most ? n : most;
}

/* The interval from now on; 0: there is nothing to wait for. */
static int64_t
next_interval(int rc, const struct answer *token, const struct error *err,
    int64_t interval)
{
	/* A token that cannot be read was given all the same, and is given
	 * once. */
	if (rc != 0 && token->status == 200)
		return 0;
	if (rc != 0 && err->kind == ERR_TEMPORARY)
		interval *= 2;
	else if (rc == 0 && answer_is(token, "slow_down"))
		interval += SLOWER;
	else if (rc != 0 || !answer_is(token, "authorization_pending"))
		return 0;
	if (token->retry_after > interval)
		interval = token->retry_after;
	return at_most(interval, INTERVAL_MAX);
}

int
device_wait(const struct relay *relay, const struct answer *a,
    struct answer *token, struct error *err)
{
	int64_t life = a->expires_in > 0 ? a->expires_in : LIFE;
	int64_t end = clock_monotonic_ms() + 1000 * at_most(life, LIFE_MAX);
	int64_t interval =
	    at_most(a->interval > 0 ? a->interval : INTERVAL, INTERVAL_MAX);
	int rc = 0;

	while (interval > 0) {
		const struct timespec wait = {.tv_sec = (time_t)interval};

		if (clock_monotonic_ms() + 1000 * interval >= end)
			return error_set(err, ERR_PERMISSION,
			    "nobody has entered the code in time; run: "
			    "pillarbox --authorize %s",
			    relay->name);
		nanosleep(&wait, NULL);
		answer_release(token);
		*token = (struct answer){0};
		rc = poll_once(relay, a->device_code, token, err);
		interval = next_interval(rc, token, err, interval);
	}
	if (rc == 0 && token->error != NULL)
		return say_fault(
		    relay, relay->oauth->token_endpoint, token, err);
	return rc;
}
