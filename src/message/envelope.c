/* SPDX-License-Identifier: ISC */
/* Envelopes as such: no more than delivery and the store need. */
#include "message/envelope.h"

#include "base/buf.h"
#include "base/limits.h"
#include "message/address.h"

#include <stdlib.h>

void
envelope_release(struct envelope *e)
{
	for (size_t i = 0; i < e->rcpt_count; i++) {
		free(e->rcpt[i].address);
		free(e->rcpt[i].notify);
		free(e->rcpt[i].orcpt);
	}
	free(e->rcpt);
	free(e->sender);
	free(e->ret);
	free(e->envid);
	*e = (struct envelope){0};
}

int
envelope_add(struct envelope *e, struct span address, struct error *err)
{
	if (e->rcpt_count == RCPT_COUNT_MAX)
		return error_set(err, ERR_DATA,
		    "more than %d recipients; send it in parts",
		    RCPT_COUNT_MAX);
	e->rcpt = must_grow(e->rcpt, e->rcpt_count, sizeof e->rcpt[0]);
	e->rcpt[e->rcpt_count++] =
	    (struct recipient){.address = must_spandup(address)};
	e->utf8 = e->utf8 || address_is_utf8(address);
	return 0;
}
