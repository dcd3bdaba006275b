/* SPDX-License-Identifier: ISC */
/* What would become of a message to an address. */
#include "explain.h"

#include "cli/exitcode.h"
#include "message/address.h"
#include "submission.h"

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

/* Who takes the place of the recipient that was named. */
static void
print_alias(const struct entry *e)
{
	const char *before = "alias of ";

	printf("%s: ", e->envelope.rcpt[0].address);
	if (e->status[0].state == RCPT_DELIVERED)
		printf("%s", e->status[0].text);
	for (size_t i = e->named; i < e->envelope.rcpt_count; i++) {
		printf("%s%s", before, e->envelope.rcpt[i].address);
		before = ", ";
	}
	putchar('\n');
}

static void
print_sender(const struct submission *s, const struct relay *relay)
{
	const struct identity id = config_identity(&s->config, relay);
	const char *sender = s->entry.envelope.sender;
	char *becomes;
	enum identity_change change = identity_of(&id, sender, &becomes);

	if (change == IDENTITY_SAME)
		printf("from <%s>\n", sender);
	else
		printf("from <%s> instead of <%s>: %s\n", becomes, sender,
		    identity_reason(change));
	free(becomes);
}

static void
print_way(const struct submission *s, const struct relay *relay)
{
	const struct entry *e = &s->entry;
	const char *host =
	    relay->hosts[0] != NULL ? relay->hosts[0] : relay->srv;

	if (e->status[0].state != RCPT_WAITING)
		print_alias(e);
	for (size_t i = 0; i < e->envelope.rcpt_count; i++) {
		char *address = address_qualify(
		    e->envelope.rcpt[i].address, s->config.domain);

		if (e->status[i].state == RCPT_WAITING) {
			printf("%s: relay \"%s\" (%s), ", address, relay->name,
			    host);
			print_sender(s, relay);
		}
		free(address);
	}
}

/* As if it were the only recipient of a message that names no sender. */
static int
explain_one(struct submission *s, const char *address, struct error *err)
{
	struct options alone = *s->options;
	const struct options *all = s->options;
	const struct relay *relay = NULL;
	int rc;

	alone.arguments = &address;
	alone.argument_count = 1;
	alone.from_header = false;
	s->options = &alone;
	rc = submission_address(s, err);
	if (rc == 0)
		relay = config_route(
		    &s->config, s->entry.envelope.sender, alone.relay, err);
	if (rc == 0)
		rc = relay != NULL ? submission_resolve(s, err) : -1;
	if (rc == 0)
		print_way(s, relay);
	entry_release(&s->entry);
	s->options = all;
	return rc;
}

/* An argument may have several, with commas between them. */
static int
explain_argument(struct submission *s, const char *text, struct error *err)
{
	struct address_list list = {0};
	int code = EX_OK;

	if (address_parse_list(span_of(text), &list, err) != 0)
		return exitcode_report(err);
	for (size_t i = 0; i < list.count; i++)
		if (explain_one(s, list.at[i], err) != 0)
			code = exitcode_report(err);
	address_list_release(&list);
	return code;
}

int
explain(const struct options *o, struct error *err)
{
	struct submission s;
	int code = EX_OK;

	if (submission_begin(&s, o, err) != 0)
		return -1;
	for (size_t i = 0; i < o->argument_count; i++) {
		int one = explain_argument(&s, o->arguments[i], err);

		code = one != EX_OK ? one : code;
	}
	submission_release(&s);
	if (fflush(stdout) != 0)
		return error_errno(err, ERR_IO, "stdout");
	return code;
}
