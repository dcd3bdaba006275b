/* SPDX-License-Identifier: ISC */
/* What a reply means. */
#include "delivery/verdict.h"

#include "base/text.h"
#include "delivery/blank.h"
#include "delivery/wording.h"

#include <stdbool.h>

#define MAIL (1U << PHASE_MAIL)
#define RCPT (1U << PHASE_RCPT)
#define DATA (1U << PHASE_DATA)
#define END (1U << PHASE_END)
#define EACH (1U << PHASE_EACH)
#define LOGIN (1U << PHASE_LOGIN)
#define SENDING (MAIL | RCPT | DATA | END)
#define WHOLE (MAIL | DATA | END)
#define ANY (SENDING | EACH | LOGIN)

#define PAUSE(reason)                                           \
	{                                                       \
		SCOPE_RELAY, OUTCOME_DEFERRED, reason, 0, false \
	}

/* What a day or a month may send is used up: to ask again soon is of no use,
 * and with some (Yandex) the time begins anew. */
#define QUOTA                                                        \
	{                                                            \
		SCOPE_RELAY, OUTCOME_DEFERRED, LIMIT, 60 * 60, false \
	}

#define LOGIN_NEEDED "the relay does not know us; check user, host and port"
#define LIMIT "the relay's limit for sending is reached"
#define BUSY "the relay is too busy"
#define BLOCKED "the relay has blocked this account; see its web pages"

/* Words of measure. */
#define LIMIT_WORDS                                                   \
	"limit|quota|rate|throttl|too many messages|too many emails|" \
	"too many mails|too many connections|too many concurrent|"    \
	"too many logins|too many recipients received|too much mail|" \
	"per hour|per day|per minute|per second|per 24 hours"

/* Words of a limit that is not on how much we send: the recipient's mailbox,
 * or a message that is too large. */
#define NOT_OUR_LIMIT                                                        \
	"mailbox|inbox|storage|over quota|disk|receiving|size|length|large|" \
	"too big|too long|hop|loop|line|header|attachment|octet|byte"

/*
 * The first row that fits decides. Lists are separated by "|"; a status has
 * its class left out, which the code says already; a word fits where a word
 * of the reply begins with it, whatever its case.
 */
static const struct row {
	unsigned phases;
	int first, last;    /* codes */
	const char *status; /* one of these; NULL: any, or none */
	const char *text;   /* one of these, */
	const char *also;   /* and one of these, */
	const char *except; /* and none of these; NULL: does not matter */
	struct verdict verdict;
} rows[] = {
    /* Any server may leave at any time (RFC 5321 3.8). */
    {ANY, 421, 421, .verdict = PAUSE(NULL)},
    /* A login that fails is never the message's fault, whatever the code:
     * SendGrid says 451, SES 530, most 535. */
    {LOGIN, 400, 599, .verdict = PAUSE(NULL)},
    /* The relay wants a login first (RFC 4954 6): so it is not ours yet. */
    {ANY, 530, 530, .verdict = PAUSE(LOGIN_NEEDED)},
    {ANY, 534, 535, .verdict = PAUSE(LOGIN_NEEDED)},
    {ANY, 538, 538, .verdict = PAUSE(LOGIN_NEEDED)},
    /* RFC 4954 has it for a login; M365 says it at the end of data, of too
     * many connections. */
    {SENDING, 432, 432, .verdict = PAUSE(BUSY)},

    /* By status. RFC 3463 X.4.5 is congestion; Gmail and Google's relay say
     * 550 5.4.5 for a day's limit, and a bounce would lose a day's mail. */
    {SENDING, 500, 599, .status = ".4.5", .verdict = QUOTA},
    {SENDING, 400, 499, .status = ".4.5", .verdict = PAUSE(LIMIT)},
    /* RFC 3463 X.3.2: the system takes no messages; M365 412 and 450. */
    {SENDING, 400, 599, .status = ".3.2", .verdict = PAUSE(BUSY)},
    /* Google: unusual rate of mail from this host or account. */
    {SENDING, 400, 599, .status = ".7.28", .verdict = PAUSE(LIMIT)},
    /* M365: limits of account and tenant. */
    {SENDING, 400, 599, .status = ".1.90|.7.232|.7.233|.7.705",
	.verdict = QUOTA},
    {SENDING, 400, 599, .status = ".7.500", .verdict = PAUSE(BUSY)},
    /* M365: spam abuse, banned sender, traffic not accepted. */
    {SENDING, 400, 599, .status = ".7.501|.7.502|.7.503|.7.708",
	.verdict = PAUSE(BLOCKED)},
    /* M365: not logged in; a connector that does not know our address. */
    {SENDING, 400, 599, .status = ".7.57|.7.64",
	.verdict = PAUSE(LOGIN_NEEDED)},

    /* M365 554 5.2.0 and 5.2.2 of the sender, where it is not the mailbox of
     * a recipient that is full. */
    {SENDING, 400, 599,
	.text = "submission quota|storedrv.submission|24-hour sending limit",
	.verdict = QUOTA},
    /* IONOS says of a recipient what is the account's hourly limit. */
    {SENDING, 400, 599, .text = "mail send limit", .verdict = PAUSE(LIMIT)},

    /* What can only be about this recipient: no such address, mailbox full or
     * closed, or its own limit (Google 450 4.2.1, "at a rate that"). */
    {RCPT, 400, 499, .status = ".1.1|.1.2|.1.3|.1.6|.1.10|.2.1|.2.2|.2.3|.2.4",
	.except = "peak smtp relay limit",
	.verdict = {SCOPE_RECIPIENT, OUTCOME_DEFERRED, NULL, 0, false}},
    {RCPT, 500, 599, .status = ".1.1|.1.2|.1.3|.1.6|.1.10|.2.1|.2.2|.2.3|.2.4",
	.verdict = {SCOPE_RECIPIENT, OUTCOME_REFUSED, NULL, 0, false}},
    /* Too many recipients, also as 550 5.5.3 (Google): those that were taken
     * get it now, the others in the next transaction. */
    {RCPT, 400, 599, .status = ".5.3", .except = "hour|daily|a day|per day",
	.verdict = {SCOPE_RECIPIENT, OUTCOME_DEFERRED, NULL, 0, true}},

    /* By words. Wrong once, these delay a bounce; without them a fault of the
     * configuration or a used-up quota bounces all that is queued. */
    {SENDING, 400, 599,
	.text = "relay access denied|relaying denied|relay not permitted|"
		"mail relay denied|invalid credentials for relay|"
		"authentication required|authentication is required|"
		"please authenticate|client was not authenticated|"
		"client not authenticated|unauthenticated senders not allowed|"
		"must issue a starttls",
	.verdict = PAUSE(LOGIN_NEEDED)},
    /* M365, Zoho: the account is blocked, and its owner has to ask. */
    {SENDING, 400, 599,
	.text = "bad outbound sender|sender address blocked|spam abuse|"
		"unusual sending activity",
	.verdict = PAUSE(BLOCKED)},
    {SENDING, 400, 599, .text = "your account",
	.also = "suspend|disabled|block|locked|restrict|activate",
	.verdict = PAUSE(BLOCKED)},
    /* GMX and web.de behind "mailbox unavailable", Apple, Google,
     * Yahoo. */
    {SENDING, 400, 599,
	.text = "failure sending mail|excessive volume|unusual rate of|"
		"max message per connection",
	.verdict = PAUSE(LIMIT)},
    /* A 452 4.3.1 is left alone: RFC 1870 has it for a message that does not
     * fit now, when a smaller one may. */
    {SENDING, 400, 499,
	.text = "server busy|temporary server error|"
		"insufficient system resources|service not active|"
		"temporary system problem",
	.verdict = PAUSE(BUSY)},
    /* Everybody else's sending limit, first that of a day or longer: some of
     * the words of the row below, so that whose limit it is stays the same. */
    {SENDING, 400, 599, .text = LIMIT_WORDS,
	.also = "per day|per 24 hours|daily|monthly", .except = NOT_OUR_LIMIT,
	.verdict = QUOTA},
    {SENDING, 400, 599, .text = "spam limit exceeded", .except = NOT_OUR_LIMIT,
	.verdict = QUOTA},
    /* Then any other: a word of measure and one of excess or
     * time. SES, SendGrid, OVH, Mailtrap, iCloud, Yandex, Startmail, policyd,
     * postfwd, cPanel. */
    {SENDING, 400, 599, .text = LIMIT_WORDS,
	.also = "exceed|reach|sending|outgoing|per hour|per day|per minute|"
		"per second|per 24 hours|an hour|hourly|daily|"
		"monthly|this hour|try again|throttled|too many|too much",
	.except = NOT_OUR_LIMIT, .verdict = PAUSE(LIMIT)},

    {MAIL, 200, 299,
	.verdict = {SCOPE_MESSAGE, OUTCOME_ACCEPTED, NULL, 0, false}},
    {RCPT, 200, 299,
	.verdict = {SCOPE_RECIPIENT, OUTCOME_ACCEPTED, NULL, 0, false}},
    {DATA, 354, 354,
	.verdict = {SCOPE_MESSAGE, OUTCOME_ACCEPTED, NULL, 0, false}},
    /* Any 2yz is delivered: to take 251 for a fault would send it twice. */
    {END, 200, 299,
	.verdict = {SCOPE_MESSAGE, OUTCOME_ACCEPTED, NULL, 0, false}},

    /* A command that is not known, or out of place, says nothing of the
     * message: one of us has lost count. 501 and 504 may be about an address.
     */
    {MAIL | DATA, 500, 500,
	.verdict = {SCOPE_MESSAGE, OUTCOME_DEFERRED, NULL, 0, false}},
    {MAIL | DATA, 502, 503,
	.verdict = {SCOPE_MESSAGE, OUTCOME_DEFERRED, NULL, 0, false}},
    {END, 503, 503,
	.verdict = {SCOPE_MESSAGE, OUTCOME_DEFERRED, NULL, 0, false}},
    {RCPT, 500, 500,
	.verdict = {SCOPE_RECIPIENT, OUTCOME_DEFERRED, NULL, 0, false}},
    {RCPT, 502, 503,
	.verdict = {SCOPE_RECIPIENT, OUTCOME_DEFERRED, NULL, 0, false}},
    /* RFC 5321 4.5.3.1.10: 552 for too many recipients is an old 452. */
    {RCPT, 552, 552,
	.verdict = {SCOPE_RECIPIENT, OUTCOME_DEFERRED, NULL, 0, true}},
    {RCPT, 452, 452,
	.verdict = {SCOPE_RECIPIENT, OUTCOME_DEFERRED, NULL, 0, true}},
    {RCPT, 400, 499,
	.verdict = {SCOPE_RECIPIENT, OUTCOME_DEFERRED, NULL, 0, false}},
    {RCPT, 500, 599,
	.verdict = {SCOPE_RECIPIENT, OUTCOME_REFUSED, NULL, 0, false}},
    /* Of a mailbox, most of the time; words of a limit are its own. */
    {EACH, 200, 299,
	.verdict = {SCOPE_RECIPIENT, OUTCOME_ACCEPTED, NULL, 0, false}},
    {EACH, 500, 500,
	.verdict = {SCOPE_RECIPIENT, OUTCOME_DEFERRED, NULL, 0, false}},
    {EACH, 502, 503,
	.verdict = {SCOPE_RECIPIENT, OUTCOME_DEFERRED, NULL, 0, false}},
    {EACH, 400, 499,
	.verdict = {SCOPE_RECIPIENT, OUTCOME_DEFERRED, NULL, 0, false}},
    {EACH, 500, 599,
	.verdict = {SCOPE_RECIPIENT, OUTCOME_REFUSED, NULL, 0, false}},
    {WHOLE, 400, 499,
	.verdict = {SCOPE_MESSAGE, OUTCOME_DEFERRED, NULL, 0, false}},
    {WHOLE, 500, 599,
	.verdict = {SCOPE_MESSAGE, OUTCOME_REFUSED, NULL, 0, false}},
};

static bool
fits(const struct row *row, enum phase phase, const struct reply *r,
    const char *text)
{
	if ((row->phases & (1U << phase)) == 0 || r->code < row->first ||
	    r->code > row->last)
		return false;
	if (row->status != NULL && !wording_has_status(r->status, row->status))
		return false;
	return (row->text == NULL || wording_has(text, row->text)) &&
	       (row->also == NULL || wording_has(text, row->also)) &&
	       (row->except == NULL || !wording_has(text, row->except));
}

struct verdict
verdict_of(enum phase phase, const struct reply *r)
{
	char text[REPLY_TEXT_MAX];

	text_copy(text, sizeof text, span_of(r->text));
	blank_addresses(text);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (fits(&rows[i], phase, r, text))
			return rows[i].verdict;
	return (struct verdict)PAUSE(NULL);
}
