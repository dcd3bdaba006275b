/* SPDX-License-Identifier: ISC */
/* Known refusals of a login. */
#include "delivery/fault_hint.h"

#include "delivery/wording.h"

/* The first row that fits decides; verdict.c has the same kinds of lists. */
static const struct {
	const char *status;
	const char *words; /* NULL: any */
	bool token;        /* with a token, too */
	const char *hint;
} hints[] = {
    /* Microsoft. */
    {".7.139", "SmtpClientAuthentication", true,
	"SMTP is switched off for this mailbox or its tenant, and no token or "
	"password helps: have an administrator switch on \"Authenticated "
	"SMTP\""},
    {".7.139", "basic authentication", false,
	"passwords are not taken any more: set oauth, see pillarbox-oauth(7)"},
    {".7.139", NULL, true,
	"a policy of the tenant forbids this login: ask its administrator"},
    /* Google. */
    {".7.9", "application-specific password", false,
	"make an app password, or set oauth, see pillarbox-oauth(7)"},
    {".7.8", "support.google.com", false,
	"check user and password: only app passwords are taken, or oauth, see "
	"pillarbox-oauth(7)"},
    {".7.14", NULL, true,
	"the provider wants to see a person first: log in there with a "
	"browser"},
};

const char *
fault_hint(const struct reply *r, bool token)
{
	for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++)
		if ((hints[i].token || !token) &&
		    wording_has_status(r->status, hints[i].status) &&
		    (hints[i].words == NULL ||
			wording_has(r->text, hints[i].words)))
			return hints[i].hint;
	return NULL;
}
