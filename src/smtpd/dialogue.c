/* SPDX-License-Identifier: ISC */
/* What a session knows. */
#include "smtpd/dialogue.h"

void
dialogue_reset(struct dialogue *g)
{
	envelope_forget(&g->seen);
	envelope_release(g->d->envelope);
	outgoing_release(g->d->message);
	outgoing_init(g->d->message, g->d->size_max);
	g->utf8 = g->spoilt = false;
	if (g->state != STATE_NEW)
		g->state = STATE_READY;
}
