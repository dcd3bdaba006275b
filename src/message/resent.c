/* SPDX-License-Identifier: ISC */
/* Messages that are sent once more. */
#include "message/resent.h"

#include "message/header.h"

/* RFC 5322 3.6.6 and 4.5.6: of each a block has one. */
static const char *const names[] = {"Resent-Date", "Resent-From",
    "Resent-Sender", "Resent-To", "Resent-Cc", "Resent-Bcc",
    "Resent-Message-ID", "Resent-Reply-To"};

/* Its bit; 0: any other, which a block may have as often as it likes. */
static unsigned
bit_of(struct span name)
{
	for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
		if (span_is_nocase(name, names[i]))
			return 1U << i;
	return 0;
}

bool
resent_block(struct span head, struct span *block)
{
	unsigned seen = 0, bit;
	struct field f;

	*block = span("", 0);
	while (header_next(&head, &f)) {
		bool resent = span_starts_nocase(f.name, "Resent-");

		bit = bit_of(f.name);
		if (block->len > 0 && (!resent || (seen & bit) != 0))
			break;
		seen |= bit;
		if (resent && block->len == 0)
			*block = f.whole;
		else if (resent)
			block->len += f.whole.len;
	}
	return block->len > 0;
}
