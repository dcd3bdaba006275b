/* SPDX-License-Identifier: ISC */
/* What is found out about a relay on the way to a session with it. */
#ifndef DELIVERY_FINDINGS_H
#define DELIVERY_FINDINGS_H

#include "base/buf.h"
#include "delivery/dane.h"
#include "delivery/target.h"
#include "delivery/trust.h"

/* A server shows two to four. */
#define CHAIN_MAX 16

struct findings {
	struct target target; /* the last host that was tried */
	char address[64];     /* where it was reached; empty: it was not */
	int64_t connect_us;   /* a round trip; 0: not known, by a proxy */
	char tls[64];         /* "TLS1.3 AES-256-GCM"; empty: not that far */
	char dane[DANE_TEXT_SIZE]; /* what TLSA records say; empty: not asked */
	struct certificate chain[CHAIN_MAX];
	size_t chain_count;
	struct buf before;  /* keywords of EHLO before TLS, a line each */
	struct buf offered; /* those that count */
	char mechanisms[128];
	struct buf away; /* hosts that were out of reach, and why, the same */
	bool lasting;    /* what failed does not pass by itself */
};

struct stream;

void findings_init(struct findings *f);
void findings_release(struct findings *f);

/* Before a host is tried, and after. */
void findings_begin(struct findings *f, struct stream *s);
void findings_end(struct findings *f, struct stream *s);

/* It was out of reach. */
void findings_away(struct findings *f, const struct error *why);

#endif
