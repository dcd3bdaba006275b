/* SPDX-License-Identifier: ISC */
/* The policy, code by code: every code has its verdict in every phase. Then
 * what providers say, reply by reply. */
#include "unit.h"

#include "delivery/verdict.h"

#include <stdio.h>

#define PHASES 6

/* A letter for each verdict: r, m for recipient and message, then + taken,
 * - deferred, x refused; "R-" is the relay's. */
struct row {
	int first, last;
	const char *want[PHASES]; /* login, MAIL, RCPT, DATA, end, end of one */
};

/* Later rows go before earlier ones. */
static const struct row rows[] = {
    {200, 299, {NULL, "m+", "r+", "R-", "m+", "r+"}},
    {300, 399, {NULL, "R-", "R-", "R-", "R-", "R-"}},
    {400, 499, {"R-", "m-", "r-", "m-", "m-", "r-"}},
    {500, 599, {"R-", "mx", "rx", "mx", "mx", "rx"}},
    {354, 354, {NULL, "R-", "R-", "m+", "R-", "R-"}},
    {421, 421, {"R-", "R-", "R-", "R-", "R-", "R-"}},
    {432, 432, {"R-", "R-", "R-", "R-", "R-", "r-"}},
    {530, 530, {"R-", "R-", "R-", "R-", "R-", "R-"}},
    {534, 535, {"R-", "R-", "R-", "R-", "R-", "R-"}},
    {538, 538, {"R-", "R-", "R-", "R-", "R-", "R-"}},
    /* Not about the message, but about where in the dialogue we are. */
    {500, 500, {"R-", "m-", "r-", "m-", "mx", "r-"}},
    {502, 502, {"R-", "m-", "r-", "m-", "mx", "r-"}},
    {503, 503, {"R-", "m-", "r-", "m-", "m-", "r-"}},
    /* Too many recipients: the others are tried later. */
    {552, 552, {"R-", "mx", "r-", "mx", "mx", "rx"}},
    {0, 0, {"R-", "R-", "R-", "R-", "R-", "R-"}},
};

static const char *
wanted(int code, int phase)
{
	const char *want = NULL;

	for (size_t i = 0; i < COUNT(rows); i++)
		if (code >= rows[i].first && code <= rows[i].last)
			want = rows[i].want[phase];
	return want;
}

static void
check(enum phase phase, const struct reply *r, const char *want)
{
	static const char scopes[] = {[SCOPE_RECIPIENT] = 'r',
	    [SCOPE_MESSAGE] = 'm',
	    [SCOPE_RELAY] = 'R'};
	static const char outcomes[] = {[OUTCOME_NONE] = '0',
	    [OUTCOME_ACCEPTED] = '+',
	    [OUTCOME_DEFERRED] = '-',
	    [OUTCOME_REFUSED] = 'x',
	    [OUTCOME_IN_DOUBT] = '?'};
	struct verdict v = verdict_of(phase, r);

	char outcome = v.pause > 0 ? 'q' : outcomes[v.outcome];

	assert_true(
	    v.pause == 0 || (v.pause == 3600 && outcomes[v.outcome] == '-'));
	if (want != NULL && (scopes[v.scope] != want[0] || outcome != want[1]))
		fail_msg("%d \"%s\" in phase %d: %c%c, not %s", r->code,
		    r->text, (int)phase, scopes[v.scope], outcome, want);
	if (v.why != NULL && v.scope != SCOPE_RELAY)
		fail_msg("%d \"%s\": a reason for no relay", r->code, r->text);
}

static void
check_code(int code, int phase)
{
	const struct reply r = {.code = code};

	check((enum phase)phase, &r, wanted(code, phase));
}

static void
test_every_code(void **state)
{
	(void)state;
	assert_int_equal(PHASE_LOGIN, 0);
	assert_int_equal(PHASE_EACH, PHASES - 1);
	for (int phase = 0; phase < PHASES; phase++) {
		check_code(0, phase);
		for (int code = 200; code < 600; code++)
			check_code(code, phase);
	}
}

/* What relays were seen to say (and what their like would). */
static const struct {
	enum phase phase;
	const char *reply;
	const char *want;
} replies[] = {
    /* Limits on what we send: the relay's, never a bounce. */
    {PHASE_MAIL,
	"550 5.4.5 Daily user sending limit exceeded. For more information on "
	"Gmail sending limits go to https://support.google.com/a/answer/166852",
	"Rq"},
    {PHASE_END, "550-5.4.5 Daily sending quota exceeded.", "Rq"},
    {PHASE_RCPT, "550 5.7.1 Daily SMTP relay limit exceeded for user", "Rq"},
    {PHASE_RCPT, "450 4.2.1 Peak SMTP relay limit exceeded for customer", "R-"},
    {PHASE_END, "421 4.7.28 unusual rate of mail", "R-"},
    {PHASE_END, "550 5.7.28 Our system has detected an unusual rate of mail",
	"R-"},
    {PHASE_END, "432 4.3.2 Concurrent connections limit exceeded", "R-"},
    {PHASE_END,
	"554 5.2.0 "
	"STOREDRV.Submission.Exception:SubmissionQuotaExceededException; the "
	"sender's submission quota was exceeded",
	"Rq"},
    {PHASE_END, "554 5.2.2 mailbox has exceeded its 24-hour sending limit",
	"Rq"},
    {PHASE_END,
	"550 5.1.90 Your message can't be sent because you've reached your "
	"daily limit for message recipients",
	"Rq"},
    {PHASE_END, "550 5.7.233 Tenant exceeded its external recipient limit",
	"Rq"},
    /* What is said of a mailbox is about that, whatever its words. */
    {PHASE_EACH, "552 5.2.2 <bob@example.net> Quota exceeded", "rx"},
    {PHASE_EACH, "452 4.2.2 Quota exceeded, daily limit reached", "r-"},
    {PHASE_EACH, "550 5.4.5 Daily quota exceeded", "rx"},
    {PHASE_MAIL, "454 Throttling failure: Maximum sending rate exceeded.",
	"R-"},
    {PHASE_END, "454 Throttling failure: Daily message quota exceeded.", "Rq"},
    {PHASE_RCPT, "452 Too many recipients received this hour (throttled)",
	"R-"},
    {PHASE_MAIL,
	"550 5.7.0 Requested action not taken: too many emails per second",
	"R-"},
    {PHASE_RCPT,
	"450 Requested mail action not taken: mailbox unavailable Mail send "
	"limit exceeded.",
	"R-"},
    {PHASE_RCPT,
	"550 Requested action not taken: mailbox unavailable Failure sending "
	"mail. Try again later",
	"R-"},
    {PHASE_MAIL, "550 5.7.1 You have exceeded your daily sending limit", "Rq"},
    {PHASE_END, "554 5.7.1 Spam limit exceeded", "Rq"},
    {PHASE_RCPT, "550 5.7.1 Your mail limit has been reached", "R-"},
    {PHASE_DATA,
	"554 5.7.1 <DATA>: Data command rejected: limit of 200 rcpts per 24 "
	"hours for client reached",
	"Rq"},
    {PHASE_DATA,
	"450 4.7.1 <DATA>: Data command rejected: number messages per hour "
	"exceeded",
	"R-"},
    {PHASE_RCPT, "550 5.7.1 Message count quota exceeded", "R-"},
    {PHASE_MAIL, "452 4.4.5 messages per second limit exceeded", "R-"},
    {PHASE_MAIL, "452 4.5.3 daily message limit exceeded", "Rq"},
    {PHASE_RCPT, "452 4.5.3 recipients per hour limit exceeded", "R-"},
    {PHASE_MAIL, "550 exceeded hour limit", "R-"},
    {PHASE_MAIL, "451 Max message per connection reached", "R-"},
    {PHASE_END, "550 5.7.1 rejected due to excessive volume", "R-"},
    /* By status, whatever the words. */
    {PHASE_MAIL, "550 5.4.5 no", "Rq"},
    {PHASE_RCPT, "450 4.4.5 no", "R-"},
    {PHASE_END, "450 4.3.2 no", "R-"},
    {PHASE_RCPT, "550 5.7.28 no", "R-"},
    {PHASE_END, "550 5.1.90 no", "Rq"},
    {PHASE_END, "550 5.7.232 no", "Rq"},
    {PHASE_END, "550 5.7.705 no", "Rq"},
    {PHASE_MAIL, "451 4.7.500 no", "R-"},
    {PHASE_END, "550 5.7.502 no", "R-"},
    {PHASE_RCPT, "550 5.7.64 no", "R-"},
    /* But a status of another class than the code's is none. */
    {PHASE_MAIL, "550 4.4.5 no", "mx"},
    /* Load: the relay's. */
    {PHASE_MAIL, "451 4.7.500 Server busy. Please try again later", "R-"},
    {PHASE_MAIL,
	"451 4.7.0 Temporary server error. Please try again later. PRX2", "R-"},
    {PHASE_END, "452 4.3.1 Insufficient system resources", "R-"},
    {PHASE_MAIL, "412 4.3.2 Service not active", "R-"},
    /* Login and account: the relay's. */
    {PHASE_LOGIN, "535 5.7.8 Username and Password not accepted.", "R-"},
    {PHASE_LOGIN, "454 4.7.0 Temporary authentication failure", "R-"},
    {PHASE_LOGIN, "451 Authentication failed: Maximum credits exceeded", "R-"},
    {PHASE_LOGIN, "535 5.7.0 (#AUTH005) Too many bad auth attempts", "R-"},
    {PHASE_MAIL, "530 5.7.0 Authentication Required.", "R-"},
    {PHASE_MAIL, "530 5.7.57 Client not authenticated to send mail.", "R-"},
    {PHASE_RCPT, "554 5.7.1 <bob@example.net>: Relay access denied", "R-"},
    {PHASE_RCPT, "550 5.7.1 Relaying denied", "R-"},
    {PHASE_RCPT, "550 relay not permitted", "R-"},
    {PHASE_MAIL, "550-5.7.0 Mail relay denied [192.0.2.1].", "R-"},
    {PHASE_RCPT, "550 5.7.64 TenantAttribution; Relay Access Denied", "R-"},
    {PHASE_MAIL, "550 Unauthenticated senders not allowed", "R-"},
    {PHASE_END, "550 5.1.8 Access denied, bad outbound sender", "R-"},
    {PHASE_END, "550 5.7.501 Access denied, spam abuse detected", "R-"},
    {PHASE_END, "550 5.4.6 Unusual sending activity detected", "R-"},
    {PHASE_MAIL, "554 5.1.8 Sender address blocked", "R-"},
    {PHASE_MAIL, "550 5.7.1 Your account has been suspended", "R-"},
    /* A recipient's own affair, whatever the words. */
    {PHASE_RCPT, "550 5.1.1 No such user", "rx"},
    {PHASE_RCPT,
	"550 5.1.1 <x@example.net>: Recipient address rejected: User unknown "
	"in virtual mailbox table",
	"rx"},
    {PHASE_RCPT, "550 5.1.1 daily.limit.exceeded@example.net: unknown", "rx"},
    {PHASE_RCPT, "550 <hourly limit exceeded@example.net> unknown", "rx"},
    {PHASE_RCPT, "550 <\"a> daily limit exceeded\"@example.net> no", "rx"},
    {PHASE_RCPT, "550 no \"\\\" daily limit exceeded\"@example.net", "rx"},
    {PHASE_RCPT, "550 \"daily limit exceeded\" <bob@example.net>", "Rq"},
    {PHASE_RCPT, "550 5\" bob@example.net daily limit exceeded", "Rq"},
    /* The recipient's, or the message's, though it is a day's. */
    {PHASE_RCPT, "452 4.2.2 Mailbox daily quota exceeded", "r-"},
    {PHASE_RCPT, "550 5.2.1 Recipient has exceeded a daily limit", "rx"},
    {PHASE_END, "552 Daily size limit exceeded", "mx"},
    {PHASE_RCPT, "550 No such user here", "rx"},
    {PHASE_RCPT, "550 5.1.10 RESOLVER.ADR.RecipientNotFound", "rx"},
    {PHASE_RCPT,
	"550 5.2.1 The email account that you tried to reach is disabled",
	"rx"},
    {PHASE_RCPT,
	"450 4.2.1 The user you are trying to contact is receiving mail too "
	"quickly",
	"r-"},
    {PHASE_RCPT,
	"450 The user you are trying to contact is receiving mail at a rate "
	"that prevents additional messages from being delivered",
	"r-"},
    {PHASE_RCPT,
	"452 4.2.2 The email account that you tried to reach is over quota",
	"r-"},
    {PHASE_RCPT, "552 5.2.2 The recipient's inbox is out of storage space",
	"rx"},
    {PHASE_RCPT, "550 5.2.2 Mailbox quota exceeded", "rx"},
    {PHASE_RCPT, "452 4.2.2 Quota exceeded", "r-"},
    {PHASE_RCPT, "552 5.2.2 Quota exceeded", "rx"},
    {PHASE_RCPT, "550 Mailbox quota exceeded for user", "rx"},
    {PHASE_RCPT, "550 5.7.1 Not accepted for policy reasons", "rx"},
    {PHASE_RCPT,
	"550 5.7.1 <bob@example.net>: Recipient address rejected: Access "
	"denied",
	"rx"},
    {PHASE_RCPT, "553 5.7.1 Sender address rejected: not owned by user alice",
	"rx"},
    {PHASE_RCPT, "450 4.7.1 Greylisted, try again in 5 minutes", "r-"},
    {PHASE_RCPT, "550-Requested action not taken: mailbox unavailable", "rx"},
    {PHASE_RCPT,
	"452 4.5.3 Your message has too many recipients. For more information "
	"regarding Google's sending limits",
	"r-"},
    {PHASE_RCPT, "550 5.5.3 Too many recipients for this sender", "r-"},
    {PHASE_RCPT, "552 5.5.3 Too many recipients", "r-"},
    {PHASE_RCPT, "450 4.1.8 Sender address rejected: Domain not found", "r-"},
    /* A message's own affair. */
    {PHASE_END, "552 5.3.4 Message size exceeds fixed limit", "mx"},
    {PHASE_MAIL, "552 5.3.4 Message size exceeds file system imposed limit",
	"mx"},
    {PHASE_END, "552 5.2.3 Message length exceeds administrative limit", "mx"},
    {PHASE_END, "552 Your message exceeded Google's message size limits", "mx"},
    {PHASE_END, "554 5.4.6 Hop count exceeded limit", "mx"},
    {PHASE_END, "554 5.7.1 [2] Message rejected under suspicion of SPAM", "mx"},
    {PHASE_END,
	"550 5.7.26 This mail has been blocked because the sender is "
	"unauthenticated",
	"mx"},
    {PHASE_END,
	"550 5.7.60 SMTP; Client does not have permissions to send as this "
	"sender",
	"mx"},
    {PHASE_END, "554 Message rejected: Email address is not verified.", "mx"},
    {PHASE_END,
	"550 5.7.1 Moderated: separate administrators must corporate try again",
	"mx"},
    {PHASE_END, "451 4.3.0 Queue file write error", "m-"},
    {PHASE_MAIL, "452 4.3.1 Insufficient system storage", "m-"},
    {PHASE_END, "451 4.7.1 Please try again later", "m-"},
    {PHASE_MAIL, "501 5.1.7 Bad sender address syntax", "mx"},
    {PHASE_END, "250 2.0.0 Ok, daily limit exceeded soon", "m+"},
};

static void
test_replies(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(replies); i++) {
		struct reply r;

		reply_init(&r);
		reply_take(&r, span_of(replies[i].reply));
		check(replies[i].phase, &r, replies[i].want);
	}
}

/* Long, and without any end of a bracket. */
static void
test_odd_texts(void **state)
{
	struct reply r = {.code = 550};

	(void)state;
	memset(r.text, '<', sizeof r.text - 1);
	check(PHASE_RCPT, &r, "rx");
	memset(r.text, '@', sizeof r.text - 1);
	check(PHASE_RCPT, &r, "rx");
	snprintf(r.text, sizeof r.text, "550 <a limit exceeded");
	check(PHASE_RCPT, &r, "rx");
	snprintf(r.text, sizeof r.text, "550 > limit exceeded <");
	check(PHASE_RCPT, &r, "R-");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_code),
	    cmocka_unit_test(test_replies),
	    cmocka_unit_test(test_odd_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
