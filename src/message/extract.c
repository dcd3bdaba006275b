/* SPDX-License-Identifier: ISC */
/* The recipients that the header names: -t. */
#include "message/extract.h"

#include "message/header.h"
#include "message/resent.h"

#include <stdbool.h>

static bool
names_recipients(struct span name, bool resent)
{
	if (resent && span_starts_nocase(name, "Resent-"))
		name = span_from(name, strlen("Resent-"));
	else if (resent)
		return false;
	return span_is_nocase(name, "To") || span_is_nocase(name, "Cc") ||
	       span_is_nocase(name, "Bcc");
}

int
extract_recipients(
    struct span head, struct address_list *list, struct error *err)
{
	struct span block;
	bool resent = resent_block(head, &block);
	struct field f;

	if (resent)
		head = block;
	while (header_next(&head, &f)) {
		if (!names_recipients(f.name, resent))
			continue;
		if (address_parse_list(f.body, list, err) != 0) {
			err->kind = ERR_DATA;
			return error_prefix(
			    err, "header field %.*s", SPAN_ARG(f.name));
		}
	}
	return 0;
}
