/* SPDX-License-Identifier: ISC */
/* Messages that are sent once more. */
#include "message/resent.h"

#include "message/header.h"

static bool
is_in(struct span block, struct span name)
{
	struct field f;

	while (header_next(&block, &f))
		if (span_same_nocase(f.name, name))
			return true;
	return false;
}

bool
resent_block(struct span head, struct span *block)
{
	struct field f;

	*block = span("", 0);
	while (header_next(&head, &f)) {
		bool resent = span_starts_nocase(f.name, "Resent-");

		if (block->len > 0 && (!resent || is_in(*block, f.name)))
			break;
		if (resent && block->len == 0)
			*block = f.whole;
		else if (resent)
			block->len += f.whole.len;
	}
	return block->len > 0;
}
