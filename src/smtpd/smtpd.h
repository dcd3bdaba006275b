/* SPDX-License-Identifier: ISC */
/*
 * The server's side of SMTP (RFC 5321, 6409), over two descriptors: one
 * session, any number of messages. What becomes of a message is not known
 * here: whoever starts it says so by take().
 *
 * With PIPELINING (RFC 2920), SIZE (1870), 8BITMIME (6152), SMTPUTF8 (6531),
 * DSN (3461), CHUNKING (3030) and ENHANCEDSTATUSCODES (2034).
 */
#ifndef SMTPD_SMTPD_H
#define SMTPD_SMTPD_H

#include "base/error.h"
#include "message/envelope.h"
#include "message/outgoing.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct smtpd {
	int in;
	int out;
	int patience_ms;   /* with what stands still; -1: for ever */
	bool lf_allowed;   /* a session may have LF as its line end */
	bool bare_allowed; /* a recipient needs no domain */

	/* Or this one, since it has an alias; NULL: none has. */
	bool (*has_alias)(void *context, const char *name);
	const char *host_name; /* of this host */
	int64_t size_max;      /* of a message, octets */

	/*
	 * A message has come whole: envelope and message, neither completed
	 * nor mended. 0: it is safe, with its id (or ""), and only then is
	 * the client told so. -1 with err, whose kind makes the reply: nothing
	 * was kept. Both are the session's to release, whatever take() did to
	 * them.
	 */
	int (*take)(void *context, char *id, size_t size, struct error *err);
	/* Told of each MAIL, RCPT and message that is refused, up to a
	 * ceiling: what was asked for, and the reply. */
	void (*refused)(void *context, struct span what, struct span why);
	void *context;
	struct envelope *envelope; /* empty */
	struct outgoing *message;  /* initialized */
};

/*
 * Speaks until QUIT, the end of the input, a reader that has left, or a
 * client that is no good. A message that is not whole by then is thrown away.
 * 0; or -1 with ERR_TEMPORARY: reading or writing failed.
 */
int smtpd_run(const struct smtpd *d, struct error *err);

/* For a session that cannot be: its first and only reply, which is 421. */
void smtpd_decline(int out, const char *why);

#endif
