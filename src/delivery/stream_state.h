/* SPDX-License-Identifier: ISC */
/* What a stream is made of. Private to connect.c, connect_options.c and
 * stream.c. */
#ifndef DELIVERY_STREAM_STATE_H
#define DELIVERY_STREAM_STATE_H

#include "delivery/greeting.h"
#include "delivery/stream.h"
#include "delivery/target.h"
#include "delivery/transcript.h"

#include <curl/curl.h>

struct stream {
	CURL *curl;
	const struct stream_options *options; /* while opening */
	const struct target *target;          /* the same */
	struct greeting greeting;
	curl_socket_t socket;
	struct transcript transcript;
	char tls[64];
	char message[CURL_ERROR_SIZE];
};

/* Tells libcurl all but the callbacks. */
void stream_set_options(struct stream *s);

#endif
