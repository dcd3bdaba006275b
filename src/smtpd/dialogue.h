/* SPDX-License-Identifier: ISC */
/* A session and where it stands. Private to smtpd/. */
#ifndef SMTPD_DIALOGUE_H
#define SMTPD_DIALOGUE_H

#include "base/buf.h"
#include "smtpd/input.h"
#include "smtpd/smtpd.h"
#include "smtpd/unstuff.h"

/* One bit each, so that a command can be for several. */
enum state {
	STATE_NEW = 1,    /* neither HELO nor EHLO yet */
	STATE_READY = 2,  /* for MAIL */
	STATE_MAIL = 4,   /* there is a sender */
	STATE_RCPT = 8,   /* and a recipient */
	STATE_CHUNKS = 16 /* and a part of the message, by BDAT */
};

#define STATE_ANY \
	(STATE_NEW | STATE_READY | STATE_MAIL | STATE_RCPT | STATE_CHUNKS)

struct dialogue {
	const struct smtpd *d;
	struct input in;
	struct buf out; /* replies that have not left */
	enum state state;
	bool over;      /* say what is left to be said, and leave */
	bool deaf;      /* nobody reads what we say any more */
	unsigned slips; /* lines in a row that were no good commands */

	struct span asked; /* MAIL, RCPT, DATA or BDAT that is answered; or
			      "" */
	size_t refusals;   /* of these, LOGGED_REFUSALS_MAX */
	char refusal[256]; /* the last one, until RSET; or "" */

	/* Of the message that is under way. */
	void *seen; /* its recipients, for envelope_add_new() */
	bool utf8;  /* SMTPUTF8 was asked for */
	struct unstuff unstuff;
	char text[IO_BLOCK + 2]; /* of it, without doubled dots */
	bool spoilt;             /* it will be refused, because of */
	struct error why;
};

/* The message that was under way is forgotten; ready for the next. */
void dialogue_reset(struct dialogue *g);

#endif
