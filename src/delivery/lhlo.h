/* SPDX-License-Identifier: ISC */
/*
 * The greeting of LMTP (RFC 2033 4.1), which libcurl does not speak: it makes
 * the connection, and TLS from the first byte if there is any, as for a server
 * of another kind. Private to connect.c.
 */
#ifndef DELIVERY_LHLO_H
#define DELIVERY_LHLO_H

#include "delivery/stream_state.h"

/*
 * Hears the greeting, says LHLO, and hears what is offered; all in s->limit_ms
 * from s->began_ms, and each in the relay's timeout. Before anything is said,
 * the server has been proved. Else what libcurl would return for SMTP, and
 * s->message and s->greeting say more.
 */
CURLcode lhlo(struct stream *s);

#endif
