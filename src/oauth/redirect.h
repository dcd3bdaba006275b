/* SPDX-License-Identifier: ISC */
/*
 * Where a browser ends up that has asked a person (RFC 6749 4.1.2, 8252 7.3):
 * at a port of this host, or with an address that the person copies.
 */
#ifndef OAUTH_REDIRECT_H
#define OAUTH_REDIRECT_H

#include "base/buf.h"
#include "base/error.h"
#include "base/span.h"

#include <stdint.h>

enum redirect {
	REDIRECT_FAILED = -1,
	REDIRECT_CODE,  /* here it is */
	REDIRECT_OTHER, /* something else: not of this request, or of none */
	REDIRECT_NONE   /* not yet */
};

/*
 * Reads the address, or what of it is the target of an HTTP request: it must
 * have this state. The code goes to code. REDIRECT_FAILED, ERR_PERMISSION: the
 * server says that it gives none, and why.
 */
enum redirect redirect_read(struct span address, struct span state,
    struct buf *code, struct error *err);

/* What a request GET asks for, if it is / with a form behind it; else empty. */
struct span redirect_target(struct span request);

/* Listens at 127.0.0.1, on a port of the kernel's choice. The descriptor; or -1
 * with ERR_TEMPORARY. */
int redirect_listen(uint16_t *port, struct error *err);

/*
 * Takes one connection, which is there, reads a request from it, of
 * REDIRECT_REQUEST_MAX octets and within REDIRECT_PATIENCE_MS, and answers it:
 * only GET / is known. As redirect_read().
 */
enum redirect redirect_accept(
    int fd, struct span state, struct buf *code, struct error *err);

#endif
