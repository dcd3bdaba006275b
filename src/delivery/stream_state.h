/* SPDX-License-Identifier: ISC */
/* What a stream is made of. Private to delivery/, part of libcurl's
 * door. */
#ifndef DELIVERY_STREAM_STATE_H
#define DELIVERY_STREAM_STATE_H

#include "delivery/alert.h"
#include "delivery/bearer.h"
#include "delivery/binding.h"
#include "delivery/dane.h"
#include "delivery/greeting.h"
#include "delivery/stream.h"
#include "delivery/target.h"
#include "delivery/transcript.h"
#include "delivery/trust.h"

#include <curl/curl.h>

struct stream {
	CURL *curl;
	const struct stream_options *options; /* while opening */
	const struct target *target;          /* the same */
	const char *proxy_password;           /* the same; empty: none */
	const char *key_password;             /* the same */
	struct greeting greeting;
	curl_socket_t socket;
	struct transcript transcript;
	int64_t limit_ms;    /* until it is logged in */
	int64_t began_ms;    /* when the target was first tried */
	int64_t deadline_ms; /* 0: none */
	int64_t foreground_ms;
	struct dane *dane;      /* while opening, with tls-dane; else NULL */
	struct doubt doubt;     /* what we hold against its certificate */
	char pin[PIN_SIZE];     /* its public key, if that is not pinned */
	struct binding binding; /* of its TLS session */
	struct alert alert;     /* the same */
	bool bound;             /* the login is bound to that */
	int mechanism; /* by which we said that we log in; -1: none yet, or
			  libcurl did */
	char refusal[BEARER_REFUSAL_SIZE]; /* why the token is refused; empty:
					      it is not, or nothing was said */
	char place[HOST_NAME_SIZE + 8];    /* "HOST:PORT" */
	char tls[64];
	char message[CURL_ERROR_SIZE];
};

/* Tells libcurl all but the callbacks. */
void stream_set_options(struct stream *s);

/* When it has logged in: libcurl keeps no secret longer, neither with its
 * settings nor with the connection. */
void stream_forget_login(struct stream *s);

/* Asks for its TLSA records, before anything else, if the relay wants them.
 * 1: there may be some; -1: there must be, and none count. err says so. */
int stream_ask_records(struct stream *s, struct error *err);

/* Is the server the one that TLS shall prove? s->tls says by what it did. */
bool stream_prove(struct stream *s);

/* What went wrong, in one line, and how it is to be taken: by fault.h. -1. */
int stream_explain(struct stream *s, CURLcode code, struct error *err);

/* Was nothing of it there? Then another host of the relay may be. One that
 * answered and refused, or that cannot prove who it is, has decided for all. */
bool stream_is_away(const struct stream *s, CURLcode code);

/* Is the deadline over? Then err says so. */
bool stream_is_over(const struct stream *s, struct error *err);

#endif
