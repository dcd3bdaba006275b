/* SPDX-License-Identifier: ISC */
/* One request to an endpoint. With https.c the door to libcurl's HTTP. */
#ifndef OAUTH_HTTPS_H
#define OAUTH_HTTPS_H

#include "base/buf.h"
#include "base/error.h"
#include "config/config.h"

#include <stdint.h>

struct https_reply {
	long status;         /* 200 to 599 */
	int64_t retry_after; /* seconds; 0: not said */
	struct buf body;     /* the caller's, with its ceiling; a body over it
				is an error */
};

/*
 * Posts a form to url, which begins with https:// and may have come from
 * outside no more than by the configuration. By the proxy of the relay, if it
 * has one, and by no other; the certificate is checked against ca-file, or the
 * system's. No redirect is followed. It takes limit_ms at most, and never more
 * than OAUTH_TIMEOUT_MS.
 *
 * 0: there is a reply, whatever it says. ERR_TEMPORARY: there is none, or not
 * all of it. ERR_CONFIG: of the proxy's password, or of ca-file. Nothing of
 * form and body is ever shown or in err.
 */
int https_post(const struct relay *relay, const char *url, struct span form,
    int64_t limit_ms, struct https_reply *reply, struct error *err);

/* The host in url, for messages. */
struct span https_host(const char *url);

#endif
