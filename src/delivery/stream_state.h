/* SPDX-License-Identifier: ISC */
/* What a stream is made of. Private to connect.c and stream.c. */
#ifndef DELIVERY_STREAM_STATE_H
#define DELIVERY_STREAM_STATE_H

#include "delivery/greeting.h"
#include "delivery/stream.h"
#include "delivery/transcript.h"

#include <curl/curl.h>

struct stream {
	CURL *curl;
	const struct stream_options *options; /* while opening */
	struct greeting greeting;
	curl_socket_t socket;
	struct transcript transcript;
	unsigned trust_status; /* what we hold against its certificate */
	char tls[64];
	char message[CURL_ERROR_SIZE];
};

#endif
