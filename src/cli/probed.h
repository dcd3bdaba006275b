/* SPDX-License-Identifier: ISC */
/*
 * What delivery tells of a relay that it has probed, shown. It comes as lines
 * "KEY VALUE", those of one relay from "relay" to "end"; those of a certificate
 * from "certificate" on, the server's first. What a server has said in it is
 * printable. Keys that are not known here are passed over.
 *
 *   relay        its name
 *   away         a host that was out of reach, and why; any number
 *   host, port, tls, address, round-trip-us, session
 *   certificate, issuer, from, until, pin     times in seconds of 1970
 *   before, offers     keywords of EHLO before TLS, and those that count
 *   size         of a message, in octets
 *   sends, login what is used for messages, and as mechanism
 *   remark, problem    and what to do about it
 *   code         an exit code
 */
#ifndef CLI_PROBED_H
#define CLI_PROBED_H

#include <stdbool.h>
#include <stdio.h>

/* Of a value, with its NUL: a struct error fits, and a line of a reply. */
#define PROBED_VALUE_MAX 1100

/* One of these lines, without its end, for a person. */
void probed_text(const char *key, const char *value, FILE *to);

/* The same as JSON, an object for each relay in a line of its own, when "end"
 * comes. One at a time. */
struct probed_json;

struct probed_json *probed_json_begin(FILE *to);
void probed_json(struct probed_json *p, const char *key, const char *value);
void probed_json_end(struct probed_json *p);

#endif
