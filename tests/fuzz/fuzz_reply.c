/* SPDX-License-Identifier: ISC */
/* What a server says, line by line: as replies, as its greeting, and judged. */
#include "strict.h"

#include "delivery/greeting.h"
#include "delivery/verdict.h"
#include "target.h"

#include <ctype.h>
#include <string.h>

/* "5.7.8", or nothing (RFC 3463 2). */
static bool
is_status(const char *text)
{
	size_t dots = 0, digits = 0;

	if (text[0] == '\0')
		return true;
	for (; *text != '\0'; text++) {
		if (*text == '.' && digits > 0 && dots < 2)
			dots++, digits = 0;
		else if (isdigit((unsigned char)*text) && digits < 3)
			digits++;
		else
			return false;
	}
	return dots == 2 && digits > 0;
}

static void
check_text(const char *text, size_t size, struct span input)
{
	size_t len = strnlen(text, size);

	strict_must(len < size, "a text without an end", input);
	for (size_t i = 0; i < len; i++)
		strict_must((unsigned char)text[i] >= ' ' && text[i] != 0x7f,
		    "a control character from a server", input);
}

static void
check_verdict(enum phase phase, const struct reply *r, struct span input)
{
	struct verdict v = verdict_of(phase, r);

	strict_must(v.outcome <= OUTCOME_IN_DOUBT && v.scope <= SCOPE_RELAY &&
			v.pause >= 0,
	    "a verdict that is none", input);
	strict_must(v.outcome != OUTCOME_ACCEPTED || reply_class(r) == 2 ||
			(phase == PHASE_DATA && r->code == 354),
	    "accepted, and the server did not say so", input);
	strict_must(v.outcome != OUTCOME_REFUSED || reply_class(r) == 5,
	    "refused for good, and the server did not say so", input);
	strict_must(phase != PHASE_LOGIN || v.scope == SCOPE_RELAY ||
			v.outcome == OUTCOME_ACCEPTED,
	    "a message blamed for the login", input);
}

static void
check_reply(const struct reply *r, struct span input)
{
	struct error err;

	strict_must(r->code >= 200 && r->code <= 599 && is_status(r->status) &&
			r->octets <= REPLY_MAX,
	    "a reply that is none", input);
	check_text(r->text, sizeof r->text, input);
	for (enum phase p = PHASE_LOGIN; p <= PHASE_EACH; p++)
		check_verdict(p, r, input);
	reply_fault(r, "why", &err);
	check_text(err.text, sizeof err.text, input);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span input = span((const char *)data, size), rest = input, line;
	struct greeting g = {0};
	struct reply r;
	bool broken = false;

	reply_init(&r);
	while (span_cut(&rest, '\n', &line)) {
		enum reply_result result = reply_take(&r, line);

		if (result == REPLY_DONE)
			check_reply(&r, input);
		if (result != REPLY_MORE)
			reply_init(&r);
		broken = broken || greeting_take(&g, line) != 0;
		check_text(g.caps.mechanisms, sizeof g.caps.mechanisms, input);
		strict_must(g.caps.size_max >= 0, "a size below 0", input);
	}
	return 0;
}
