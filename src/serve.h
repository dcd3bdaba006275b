/* SPDX-License-Identifier: ISC */
/*
 * The store's side of a connection on the socket (gate.h): descriptor 0, as
 * systemd with Accept=yes, or any other that listens, hands it over.
 */
#ifndef SERVE_H
#define SERVE_H

#include "base/error.h"

#define SERVE_LINE_MAX 128

/* The call that came over it, as an argv for the store. */
struct served {
	char line[SERVE_LINE_MAX];
	char option[SERVE_LINE_MAX];
	char *argv[4];
	int argc;
};

/*
 * Notes who is at the other end as the caller (process_caller()), and reads
 * the first line: a verb, and an argument that is no option. Standard output
 * becomes the connection. A peer that does not say that line at once (10 s), is
 * silent then (30 s), or does not read (300 s) is not waited for; after 900 s
 * in all the process ends by an alarm. ERR_USAGE, ERR_IO.
 */
int serve_begin(struct served *s, struct error *err);

/* The last line: code, and what err says if it is -1. The exit code: what
 * the peer did wrong is no failure of ours. */
int serve_end(int code, const struct error *err);

#endif
