/* SPDX-License-Identifier: ISC */
/* Tokens are not locked by a PIN that is wrong. */
#include "pin.h"

#include "base/clock.h"
#include "base/io.h"
#include "config/secret.h"
#include "delivery/trust.h"
#include "queue/lock.h"
#include "queue/slot.h"

#include <string.h>
#include <time.h>

static const char *
token_of(const struct relay *relay)
{
	const char *key =
	    relay->tls_key ? relay->tls_key : relay->tls_certificate;

	return key != NULL && key[0] != '/' && secret_key_is_there(relay)
		   ? key
		   : NULL;
}

/* Two that see the flags at the same time would both try. */
static int
take_lock(const struct courier *c, const struct relay *relay)
{
	const struct timespec nap = {.tv_nsec = 20000000};
	int64_t end = clock_monotonic_ms() + relay->timeout_ms;
	int fd = c->store != NULL ? slot_open_file(c->store, relay->name, "pin")
				  : -1;

	if (c->deadline_ms != 0 && c->deadline_ms < end)
		end = c->deadline_ms;
	while (fd >= 0 && !lock_try(fd)) {
		if (clock_monotonic_ms() >= end)
			io_close(&fd);
		else
			nanosleep(&nap, NULL);
	}
	return fd;
}

int
pin_begin(const struct courier *c, const struct relay *relay, int *lock,
    struct error *err)
{
	const char *token = token_of(relay);
	struct doubt d;

	*lock = -1;
	if (token == NULL)
		return 0;
	*lock = take_lock(c, relay);
	if (trust_check_token(token, &d))
		return 0;
	io_close(lock);
	return error_set(err, ERR_CONFIG,
	    "cannot use tls-key: %s; %s: p11tool --login --list-privkeys '%s'",
	    d.why, d.remedy, token);
}
