/* SPDX-License-Identifier: ISC */
/* Who sends it and who shall get it: what MAIL and RCPT will say. */
#ifndef MESSAGE_ENVELOPE_H
#define MESSAGE_ENVELOPE_H

#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

struct recipient {
	char *address;
	char *notify; /* RFC 3461 4.1: "NEVER", or a list; NULL: not given */
	char *orcpt;  /* RFC 3461 4.2: type ";" xtext; NULL: not given */
};

struct envelope {
	char *sender; /* "" is the null sender */
	struct recipient *rcpt;
	size_t rcpt_count;
	bool eight_bit;   /* the message needs BODY=8BITMIME (RFC 6152) */
	bool utf8;        /* an address needs SMTPUTF8 (RFC 6531) */
	bool require_tls; /* or not at all (RFC 8689) */
	char *ret;        /* RFC 3461 4.3: "FULL" or "HDRS"; NULL: not given */
	char *envid;      /* RFC 3461 4.4: xtext; NULL: not given */
};

/* Frees all of it; the envelope is empty and may be used again. */
void envelope_release(struct envelope *e);

/* Appends one recipient, also one that is there already. ERR_DATA over
 * RCPT_COUNT_MAX. */
int envelope_add(struct envelope *e, struct span address, struct error *err);

/*
 * The same for one that the caller names: one that is there already counts
 * once (the domain without regard to case). *seen is NULL at first, and knows
 * them; it is to be given to envelope_forget() before e is released.
 * ERR_RECIPIENT also for a bare name where none is allowed.
 */
int envelope_add_new(struct envelope *e, void **seen, const char *address,
    bool bare_allowed, struct error *err);
void envelope_forget(void **seen);

/* The sender as the caller names it; one without a domain gets host_name, and
 * "" and "<>" are the null sender. ERR_RECIPIENT. */
int envelope_set_sender(struct envelope *e, struct span given,
    const char *host_name, struct error *err);

/* What the caller said about the envelope. */
struct envelope_request {
	const char *sender;      /* -f; NULL: not given; "" or "<>": null */
	const char *const *rcpt; /* recipients as arguments */
	size_t rcpt_count;
	bool from_header;       /* -t */
	bool extract_remove;    /* -t: arguments are no recipients, even if the
				   header names them */
	const char *domain;     /* of bare names, for that; NULL: none */
	bool after_dashes;      /* "--" was given: "-x@y" is an address */
	const char *login;      /* of the caller */
	const char *host_name;  /* of this host */
	const char *relay_from; /* "from" of the relay; NULL: none */
	bool bare_allowed;      /* a "domain" is configured for bare names */

	/* Has this one an alias, if not? NULL: none has. */
	bool (*has_alias)(void *context, const char *name);
	void *context;
};

/*
 * Works out e from what the caller asked and the header block (wire form).
 *
 * Recipients are the union of the arguments and, with -t, of To, Cc and Bcc,
 * each once (the domain without regard to case); of a message that is sent
 * once more, of its newest Resent- block instead. With -t and extract_remove
 * they are what the header names less the arguments.
 * The sender is -f, else the address of Resent-Sender, Resent-From, Sender or
 * From if it has a domain, else the relay's own, else login@host_name.
 *
 * ERR_DATA: a field that is no list of addresses, by name; ERR_USAGE: no
 * recipient at all without -t (with it: ERR_DATA); ERR_RECIPIENT: an argument
 * that is no address, or a bare name where none is allowed and that has no
 * alias.
 */
int envelope_make(struct envelope *e, const struct envelope_request *request,
    struct span head, struct error *err);

#endif
