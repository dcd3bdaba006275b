/* SPDX-License-Identifier: ISC */
/*
 * From libcurl's failure to one line that says what is wrong with the relay
 * and what to do. Private to delivery/; part of libcurl's door.
 */
#ifndef DELIVERY_FAULT_H
#define DELIVERY_FAULT_H

#include "base/error.h"
#include "config/config.h"
#include "delivery/alert.h"
#include "delivery/greeting.h"
#include "delivery/target.h"
#include "delivery/trust.h"

struct curl_certinfo;
struct dane;

struct fault {
	const struct relay *relay;
	const struct target *target;
	int code; /* CURLcode; 0: connected, but not logged in */
	const struct doubt *doubt; /* of the certificate */
	const struct alert *alert; /* of ours */
	const struct dane *dane;   /* by what records it was judged, or NULL */
	const char *pin;     /* the server's, if it is none of the relay's */
	int64_t waited_ms;   /* from the beginning of the try */
	long proxy_error;    /* CURLproxycode of a SOCKS proxy */
	long proxy_status;   /* of an HTTP proxy; 0: none */
	int os_errno;        /* of the last connect, or 0 */
	const char *message; /* libcurl's own words, or "" */
	int mechanism;       /* by which we logged in; -1: not known */
	const char *refusal; /* why the token is refused, or "" */
	const struct greeting *greeting;
	struct curl_certinfo *certificates; /* shown by the server */
};

/* Returns -1 with err set; kinds as in stream_open(). */
int fault_explain(const struct fault *f, struct error *err);

/* Is it there to stay, until somebody does something about it? */
bool fault_is_lasting(const struct fault *f);

/* Do libcurl's words tell of our own certificate and key? */
bool fault_is_own_key(const char *message);

/* Was the login refused in a way that another token may mend? */
bool fault_is_of_token(const struct fault *f);

#endif
