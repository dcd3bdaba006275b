/* SPDX-License-Identifier: ISC */
/* What is written down of a delivery that has come back. Private to deliver.c.
 */
#ifndef SETTLE_H
#define SETTLE_H

#include "deliver.h"
#include "parcel.h"

/* A delivery in hand. */
struct job {
	struct parcel parcel; /* first, since it leads back here */
	const struct courier *courier;
	struct store *store;
	struct entry_file *file, own;
	const struct transaction *t;
	bool *skip;
	deliver_end *end;
	void *context;
	const char *relay;   /* that was asked; "": none */
	const char *trouble; /* what was wrong with it; "": it answered */
	time_t until;        /* it was never reached, and is asked again then */
	bool give_back;
	size_t discarded; /* recipients, by their aliases */
};

/*
 * After the relay has been asked: records, report, the time of the next
 * attempt, or the end of the entry. rc as of struct parcel; err is what was
 * wrong, and then what a person would want to know.
 */
enum settled settle(struct job *j, int rc, struct error *err);

#endif
