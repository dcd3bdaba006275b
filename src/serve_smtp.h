/* SPDX-License-Identifier: ISC */
#ifndef SERVE_SMTP_H
#define SERVE_SMTP_H

#include "base/error.h"
#include "cli/options.h"

/*
 * sendmail -bs: a session of SMTP on stdin and stdout, each message of which
 * ends in the queue. Exit code 0 when it has ended, whatever was said in it;
 * that of the configuration when it could not begin, which the client has been
 * told. -1 with err: stdin cannot be read.
 */
int serve_smtp(const struct options *o, struct error *err);

#endif
