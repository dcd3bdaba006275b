/* SPDX-License-Identifier: ISC */
/* The hosts of a relay. */
#include "delivery/target.h"

#include "base/clock.h"
#include "base/text.h"
#include "delivery/srv.h"

/*
 * How long one host may take: what is left until the deadline is shared with
 * those behind it, or one that is silent would leave no time for another.
 */
int64_t
target_limit(const struct stream_options *options, size_t hosts)
{
	int64_t most = options->relay->connect_timeout_ms;
	int64_t left = options->deadline_ms - clock_monotonic_ms();

	if (options->deadline_ms == 0 || left / (int64_t)hosts > most)
		return most;
	/* For libcurl 0 would be no limit. */
	return left < (int64_t)hosts ? 1 : left / (int64_t)hosts;
}

int
target_list(const struct stream_options *options, struct targets *list,
    struct error *err)
{
	const struct relay *relay = options->relay;
	int64_t end = clock_monotonic_ms() + relay->connect_timeout_ms;

	if (options->deadline_ms != 0 && options->deadline_ms < end)
		end = options->deadline_ms;
	if (relay->srv != NULL)
		return srv_targets(relay->srv, end, list, err);
	list->count = 0;
	for (size_t i = 0; relay->hosts[i] != NULL; i++) {
		struct target *target = &list->at[list->count++];

		text_copy(target->host, sizeof target->host,
		    span_of(relay->hosts[i]));
		target->port = relay->port;
		target->tls = relay->tls;
		target->proved = true;
	}
	return 0;
}
