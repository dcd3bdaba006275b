/* SPDX-License-Identifier: ISC */
/* Limits that are kept rather than met. */
#include "allowance.h"

#include "base/clock.h"
#include "outage.h"
#include "queue/rate.h"

#define PAUSE_MAX ((time_t)60 * 60)

bool
allowance_take(struct courier *c, struct post *post, uid_t uid, int64_t more,
    struct error *err)
{
	const struct relay *relay = post->relay;
	time_t until, longest = clock_now() + PAUSE_MAX;
	char time[CLOCK_TEXT_SIZE];
	size_t full;

	if (relay->rate_count == 0 || c->store == NULL ||
	    rate_take(c->store, relay->name, relay->rate, relay->rate_count,
		more, c->insist, &full, &until))
		return true;
	clock_duration((time_t)relay->rate[full].seconds, time);
	error_set(err, ERR_TEMPORARY,
	    "the limit of %lld in %s is used up (rate)",
	    (long long)relay->rate[full].count, time);
	/* A message of many recipients has none where those of others have. */
	outage_wait(c, post, uid, until < longest ? until : longest, err);
	return false;
}
