/* SPDX-License-Identifier: ISC */
/* What a reply means. */
#include "delivery/verdict.h"

#include <stddef.h>

#define ANY_PHASE (-1)

/* The first row that fits decides. */
static const struct row {
	int phase;
	int first, last; /* codes */
	struct verdict verdict;
} rows[] = {
    /* Any server may leave at any time (RFC 5321 3.8). */
    {ANY_PHASE, 421, 421, {SCOPE_RELAY, OUTCOME_DEFERRED}},
    /* A login that fails is never the message's fault, whatever the code:
     * SendGrid says 451, SES 530, most 535. */
    {PHASE_LOGIN, 400, 599, {SCOPE_RELAY, OUTCOME_DEFERRED}},
    /* The relay wants a login first (RFC 4954 6): so it is not ours yet. */
    {ANY_PHASE, 530, 530, {SCOPE_RELAY, OUTCOME_DEFERRED}},
    {ANY_PHASE, 534, 535, {SCOPE_RELAY, OUTCOME_DEFERRED}},
    {ANY_PHASE, 538, 538, {SCOPE_RELAY, OUTCOME_DEFERRED}},

    {PHASE_MAIL, 200, 299, {SCOPE_MESSAGE, OUTCOME_ACCEPTED}},
    {PHASE_MAIL, 400, 499, {SCOPE_MESSAGE, OUTCOME_DEFERRED}},
    {PHASE_MAIL, 500, 599, {SCOPE_MESSAGE, OUTCOME_REFUSED}},

    {PHASE_RCPT, 200, 299, {SCOPE_RECIPIENT, OUTCOME_ACCEPTED}},
    /* RFC 5321 4.5.3.1.10: 552 for too many recipients is an old 452. */
    {PHASE_RCPT, 552, 552, {SCOPE_RECIPIENT, OUTCOME_DEFERRED}},
    {PHASE_RCPT, 400, 499, {SCOPE_RECIPIENT, OUTCOME_DEFERRED}},
    {PHASE_RCPT, 500, 599, {SCOPE_RECIPIENT, OUTCOME_REFUSED}},

    {PHASE_DATA, 354, 354, {SCOPE_MESSAGE, OUTCOME_ACCEPTED}},
    {PHASE_DATA, 400, 499, {SCOPE_MESSAGE, OUTCOME_DEFERRED}},
    {PHASE_DATA, 500, 599, {SCOPE_MESSAGE, OUTCOME_REFUSED}},

    /* Any 2yz is delivered: to take 251 for a fault would send it twice. */
    {PHASE_END, 200, 299, {SCOPE_MESSAGE, OUTCOME_ACCEPTED}},
    {PHASE_END, 400, 499, {SCOPE_MESSAGE, OUTCOME_DEFERRED}},
    {PHASE_END, 500, 599, {SCOPE_MESSAGE, OUTCOME_REFUSED}},
};

struct verdict
verdict_of(enum phase phase, const struct reply *r)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if ((rows[i].phase == ANY_PHASE ||
			rows[i].phase == (int)phase) &&
		    r->code >= rows[i].first && r->code <= rows[i].last)
			return rows[i].verdict;
	return (struct verdict){SCOPE_RELAY, OUTCOME_DEFERRED};
}
