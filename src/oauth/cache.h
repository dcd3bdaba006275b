/* SPDX-License-Identifier: ISC */
/*
 * The tokens for a relay on disk: tokens/RELAY beneath the queue, 0600 and in
 * place as a whole or not at all. A refresh token that is lost takes a person
 * and a browser, so the file is always a good one: the next is written beside
 * it, synced, and renamed, and the room for it is there before it is asked for.
 * The form is in pillarbox-queue(5).
 */
#ifndef OAUTH_CACHE_H
#define OAUTH_CACHE_H

#include "base/error.h"
#include "base/limits.h"
#include "config/config.h"
#include "oauth/token.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#define CACHE_FOLDER "tokens"

/* Octets of the file: tokens are no larger than what they came in. */
#define CACHE_FILE_MAX OAUTH_REPLY_MAX

struct cache {
	const struct config *config;
	const char *relay;
	int root, folder;
	int lock;  /* held while it is not -1 */
	int next;  /* what is to be written; -1: none is prepared */
	bool held; /* signals are, until it is closed */
	sigset_t signals;
};

/* Makes what is missing of the folders. ERR_TEMPORARY; closed then. */
int cache_open(struct cache *c, const struct config *config, const char *relay,
    struct error *err);

/* Gives the lock, what is not written, and the signals back; may be called more
 * than once. */
void cache_close(struct cache *c);

/*
 * Waits for the lock, at most limit_ms, since who has it may be stopped by who
 * started it. False: whoever has it has not let go. Then go on without: what
 * is written in between is noticed by cache_commit(). From here on SIGHUP,
 * SIGINT and SIGTERM wait, since a renewal that is ended half way costs the
 * refresh token; what is done meanwhile must be bounded.
 */
bool cache_lock(struct cache *c, int64_t limit_ms);

/*
 * Reads it into t, which is empty. 1: there is none, or none that can be read,
 * or it is not for who the relay's tokens are for now; err says which; but
 * t->serial counts. ERR_CONFIG: others can read it, or it is not ours.
 */
int cache_read(struct cache *c, struct token *t, struct error *err);

/* Before a request that may cost the old refresh token: the new one will find
 * room. ERR_TEMPORARY: there is none. */
int cache_prepare(struct cache *c, struct error *err);

/*
 * Writes t, whose serial is as it was read, durably. 1: somebody else has
 * written since; nothing is changed. ERR_TEMPORARY: the disk failed; what was
 * there is there.
 */
int cache_commit(struct cache *c, struct token *t, struct error *err);

#endif
