/* SPDX-License-Identifier: ISC */
/* Who sends it and who shall get it, by the caller's word and the header. */
#include "message/envelope.h"

#include "base/buf.h"
#include "message/address.h"
#include "message/extract.h"
#include "message/header.h"
#include "message/resent.h"

#include <search.h>
#include <stdlib.h>

static void
keep(void *unused)
{
	(void)unused;
}

int
envelope_add_new(struct envelope *e, void **seen, const char *address,
    bool bare_allowed, struct error *err)
{
	struct span whole = span_of(address);

	if (!bare_allowed && address_domain(whole) == whole.len)
		return error_set(err, ERR_RECIPIENT,
		    "%s: has no domain, and no alias; write %s@DOMAIN, add "
		    "an alias, or set \"domain\" in the configuration",
		    address, address);
	if (tfind(address, seen, address_compare) != NULL)
		return 0;
	if (envelope_add(e, whole, err) != 0)
		return -1;
	tsearch(e->rcpt[e->rcpt_count - 1].address, seen, address_compare);
	return 0;
}

void
envelope_forget(void **seen)
{
	tdestroy(*seen, keep);
	*seen = NULL;
}

/* Adds the addresses of list that are not in e yet. */
static int
add_all(struct envelope *e, const struct address_list *list,
    const struct envelope_request *request, void **seen, struct error *err)
{
	for (size_t i = 0; i < list->count; i++) {
		const char *address = list->at[i];
		bool bare = request->bare_allowed ||
			    (request->has_alias != NULL &&
				request->has_alias(request->context, address));

		if (envelope_add_new(e, seen, address, bare, err) != 0)
			return -1;
	}
	return 0;
}

static int
add_arguments(const struct envelope_request *request, struct address_list *list,
    struct error *err)
{
	for (size_t i = 0; i < request->rcpt_count; i++) {
		const char *text = request->rcpt[i];

		/* What a caller lets its users inject is no address. */
		if (text[0] == '-' && !request->after_dashes)
			return error_set(err, ERR_RECIPIENT,
			    "%s: a recipient cannot begin with \"-\" (put "
			    "\"--\" before it if it does)",
			    text);
		if (address_parse_list(span_of(text), list, err) != 0)
			return -1;
	}
	return 0;
}

/* The first address of a field, if it is whole; NULL otherwise. */
static char *
address_of_field(struct span head, const char *name)
{
	struct address_list list = {0};
	struct error ignored;
	struct field f;
	char *found = NULL;

	if (!header_find(head, name, &f) ||
	    address_parse_list(f.body, &list, &ignored) != 0)
		return NULL;
	if (list.count > 0 && address_domain_of(list.at[0])[0] != '\0')
		found = must_strdup(list.at[0]);
	address_list_release(&list);
	return found;
}

/* For those that are named again, with the domain or without it, e is as if it
 * had them already. gone holds them. */
static void
forgo(struct address_list *gone, const char *domain, void **seen)
{
	size_t named = gone->count;

	for (size_t i = 0; domain != NULL && i < named; i++) {
		struct span whole = span_of(gone->at[i]);
		size_t at = address_domain(whole);

		gone->at = must_grow(gone->at, gone->count, sizeof gone->at[0]);
		if (at == whole.len)
			gone->at[gone->count++] =
			    address_qualify(whole.at, domain);
		else if (strcasecmp(whole.at + at, domain) == 0)
			gone->at[gone->count++] =
			    must_spandup(span(whole.at, at - 1));
	}
	for (size_t i = 0; i < gone->count; i++)
		tsearch(gone->at[i], seen, address_compare);
}

/* Whom the header names as the sender, the newest word first; or NULL. */
static char *
sender_of_header(struct span head)
{
	static const struct {
		const char *name;
		bool resent;
	} fields[] = {{"Resent-Sender", true}, {"Resent-From", true},
	    {"Sender", false}, {"From", false}};
	struct span block;
	char *found = NULL;

	resent_block(head, &block);
	for (size_t i = 0;
	     found == NULL && i < sizeof fields / sizeof fields[0]; i++)
		found = address_of_field(
		    fields[i].resent ? block : head, fields[i].name);
	return found;
}

/* What is in e->sender by now goes into MAIL. */
static int
check_sender(struct envelope *e, struct error *err)
{
	e->utf8 = e->utf8 || address_is_utf8(span_of(e->sender));
	if (e->sender[0] != '\0' && address_check(span_of(e->sender), err) != 0)
		return error_prefix(err, "sender %s", e->sender);
	return 0;
}

int
envelope_set_sender(struct envelope *e, struct span given,
    const char *host_name, struct error *err)
{
	char *address;

	if (address_parse_one(given, &address, err) != 0)
		return error_prefix(err, "sender");
	e->sender = address;
	if (address[0] != '\0' && address_domain_of(address)[0] == '\0') {
		e->sender = address_qualify(address, host_name);
		free(address);
	}
	return check_sender(e, err);
}

static int
choose_sender(struct envelope *e, const struct envelope_request *request,
    struct span head, struct error *err)
{
	if (request->sender != NULL)
		return envelope_set_sender(
		    e, span_of(request->sender), request->host_name, err);
	e->sender = sender_of_header(head);
	if (e->sender == NULL && request->relay_from != NULL)
		e->sender = must_strdup(request->relay_from);
	if (e->sender == NULL)
		e->sender = address_join(request->login, request->host_name);
	return check_sender(e, err);
}

int
envelope_make(struct envelope *e, const struct envelope_request *request,
    struct span head, struct error *err)
{
	bool less = request->from_header && request->extract_remove;
	struct address_list list = {0}, gone = {0};
	void *seen = NULL;
	int rc = -1;

	*e = (struct envelope){0};
	if (add_arguments(request, less ? &gone : &list, err) != 0 ||
	    (request->from_header && extract_recipients(head, &list, err) != 0))
		goto out;
	forgo(&gone, request->domain, &seen);
	if (add_all(e, &list, request, &seen, err) != 0)
		goto out;
	if (e->rcpt_count == 0) {
		rc =
		    request->from_header
			? error_set(err, ERR_DATA,
			      "no recipient: To, Cc and Bcc name none%s",
			      gone.count > 0 ? " but those given as arguments, "
					       "which extract-addresses "
					       "takes away"
					     : "")
			: error_set(err, ERR_USAGE,
			      "no recipient: give addresses, or -t to take "
			      "them "
			      "from the header");
		goto out;
	}
	rc = choose_sender(e, request, head, err);
out:
	envelope_forget(&seen);
	address_list_release(&list);
	address_list_release(&gone);
	if (rc != 0)
		envelope_release(e);
	return rc;
}
