/* SPDX-License-Identifier: ISC */
/*
 * A message on its way into the queue, whether it came as the standard input
 * (submit.h) or in a dialogue (serve_smtp.h): what is the same for both.
 */
#ifndef SUBMISSION_H
#define SUBMISSION_H

#include "alias/aliases.h"
#include "base/error.h"
#include "base/process.h"
#include "cli/options.h"
#include "config/config.h"
#include "config/paths.h"
#include "message/outgoing.h"
#include "queue/entry.h"

#include <stdbool.h>
#include <stddef.h>

/* All there is about one call of sendmail. */
struct submission {
	const struct options *options;
	struct config config;
	struct caller caller;
	struct outgoing message;
	struct entry entry;
	struct child attempt; /* the first one, begun before the id is known */
	bool begun;           /* it is */
	struct aliases aliases;
	bool hop; /* it comes from the network, and so perhaps from us */
};

/* Reads the configuration and notes who calls; message and entry are empty.
 * After 0 it is for submission_release(). ERR_CONFIG. */
int submission_begin(
    struct submission *s, const struct options *o, struct error *err);
void submission_release(struct submission *s);

/*
 * Makes s->entry.envelope of what the caller asked and the header that has
 * come, which may be empty. As envelope_make() and dsn_request(); ERR_CONFIG
 * for a --relay that is none.
 */
int submission_address(struct submission *s, struct error *err);

/*
 * When the message has come, and s->entry.envelope is made: finds out whether
 * there is a relay for it, completes and mends it, and says in the entry what
 * it needs. ERR_CONFIG without a relay; else as outgoing_mend().
 */
int submission_finish(struct submission *s, struct error *err);

/* Has this bare name an alias? Delivery, which may read what its caller may
 * not, has the last word. context is the submission. */
bool submission_has_alias(void *context, const char *name);

/* Who would get it by now is in s->entry, as an attempt would have it.
 * ERR_CONFIG: the aliases leave it open. */
int submission_resolve(struct submission *s, struct error *err);

/*
 * Into the queue, with a first attempt as the caller or the configuration
 * wants it; or without a queue to the relay. The exit code: 0, and it is safe
 * under id ("" without a queue); else, or -1 with err, nothing was kept, and
 * what err does not say has been said on stderr.
 */
int submission_send(
    struct submission *s, char *id, size_t size, struct error *err);

#endif
