/* SPDX-License-Identifier: ISC */
/*
 * An authenticated stream of bytes to a relay. libcurl resolves, connects,
 * proves the server, starts TLS, greets and logs in; behind that the dialogue
 * is ours (session.h). The only user of libcurl.
 */
#ifndef DELIVERY_STREAM_H
#define DELIVERY_STREAM_H

#include "base/error.h"
#include "base/span.h"
#include "config/config.h"
#include "delivery/capability.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct stream;
struct findings;

struct stream_options {
	const struct relay *relay;
	const char *password;     /* NULL without a login */
	const char *token;        /* in its place, for a relay with oauth */
	const char *key_password; /* of tls-key; "": it has none */
	bool *token_refused;      /* with a token: set if a login failed, to
				     whether another token might be taken */
	const char *host_name;    /* for EHLO */
	struct span bound;        /* where logins have been bound to TLS before,
				     one stream_bound() a line */
	bool transcript;          /* show the dialogue on stderr */
	int64_t deadline_ms;      /* clock_monotonic_ms() at which all must be
				     done; 0: none */
	struct findings *findings; /* what is found out (findings.h); NULL:
				      nobody asks */
	int64_t foreground_ms;     /* what that was when it began, for words */
};

/* So much before its deadline a stream is over: libcurl, told how long it may
 * take, ends a little sooner. */
#define STREAM_SLACK_MS 50

/* Once in a process, before the first stream. ERR_INTERNAL. */
int stream_global_init(struct error *err);

/*
 * Connects and logs in. caps is what the server offered in the EHLO that
 * counts: after TLS, before AUTH. Each host of the relay (srv.h) is tried until
 * one is there, each for the relay's connect timeout at most, and no step of it
 * longer than its timeout.
 *
 * If relay->auth says nothing of it, a login at one of options->bound that
 * could not be bound to TLS now is not begun: somebody in between may hide what
 * the host offers.
 *
 * Failures are the relay's and never the message's. ERR_PERMISSION: the
 * login, also when the relay has a user and the server offers no AUTH;
 * nothing was sent then. ERR_CONFIG: what the administrator must mend.
 * ERR_TEMPORARY: everything else, the certificate among it.
 */
struct stream *stream_open(const struct stream_options *options,
    struct capabilities *caps, struct error *err);

/* The deadline counts no longer: what was sent to its end is waited for, in the
 * background if the caller has gone. */
void stream_lift_deadline(struct stream *s);

/* "HOST:PORT" if the login of an open stream is bound to its TLS session, so
 * that nobody can have passed it on; else NULL. */
const char *stream_bound(const struct stream *s);

/* Closes without a word; the dialogue is over or not worth ending. */
void stream_close(struct stream *s);

/* The relay has closed its side. */
#define STREAM_ENDED (-2)

/*
 * Takes what has come; when nothing has, sends as much of *out, which gets
 * shorter, as goes at once; when nothing goes either, waits for both, at most
 * timeout_ms, and not beyond the deadline. So nothing is ever sent that has not
 * been preceded by a look at what the relay says, and neither side can block
 * the other.
 *
 * The count of octets put in to; 0 when none has come: *out is shorter then,
 * or the time is over. STREAM_ENDED, or -1 with ERR_TEMPORARY.
 */
ssize_t stream_move(struct stream *s, struct span *out, char *to, size_t size,
    int64_t timeout_ms, struct error *err);

/* Shows a line of the dialogue ("C: ..." or "S: ...") if asked to. */
void stream_show(struct stream *s, char side, struct span line);

#endif
