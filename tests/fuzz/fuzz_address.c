/* SPDX-License-Identifier: ISC */
/* A list of addresses: each that comes out may stand in an envelope, and is
 * read back as itself. */
#include "strict.h"

#include "base/buf.h"
#include "base/limits.h"
#include "message/address.h"
#include "message/phrase.h"
#include "target.h"

#include <stdlib.h>

static void
check_address(const char *address)
{
	struct span text = span_of(address);
	struct error err;
	char *again;

	strict_must(address_check(text, &err) == 0,
	    "an address that may not leave", text);
	strict_must(strpbrk(address, "\r\n") == NULL, "a line end", text);
	strict_must(address_domain(text) <= text.len, "a domain behind", text);
	strict_must(address_parse_one(text, &again, &err) == 0,
	    "an address that is none again", text);
	strict_must(strcmp(address, again) == 0, "another address again", text);
	free(again);
}

static void
check_one(struct span text)
{
	struct error err = {0};
	char *address;

	if (address_parse_one(text, &address, &err) != 0) {
		strict_must(err.kind == ERR_RECIPIENT && err.text[0] != '\0',
		    "an error without words", text);
		return;
	}
	if (address[0] != '\0')
		check_address(address);
	free(address);
}

/* The same but for the case of the domain, which has none (RFC 5321 2.4): an
 * international one is written small, as far as it is in one piece. */
static bool
is_same(const char *a, const char *b)
{
	size_t at = address_domain(span_of(a));

	return at == address_domain(span_of(b)) && strncmp(a, b, at) == 0 &&
	       strcasecmp(a + at, b + at) == 0;
}

/* What is encoded has the same addresses as before. */
static void
check_encoded(struct span text, const struct address_list *list)
{
	struct address_list again = {0};
	struct error err;
	struct buf to;

	if (memchr(text.at, '\0', text.len) != NULL)
		return; /* no header has it */
	buf_init(&to, 16 * MIB);
	phrase_encode_list(text, &to);
	strict_must(address_parse_list(buf_span(&to), &again, &err) == 0 &&
			again.count == list->count,
	    "other addresses when encoded", text);
	for (size_t i = 0; i < again.count; i++)
		strict_must(is_same(again.at[i], list->at[i]),
		    "another address when encoded", text);
	address_list_release(&again);
	buf_release(&to);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = span((const char *)data, size);
	struct address_list list = {0};
	struct error err = {0};

	if (address_parse_list(text, &list, &err) == 0) {
		for (size_t i = 0; i < list.count; i++)
			check_address(list.at[i]);
		check_encoded(text, &list);
	} else {
		strict_must(err.kind == ERR_RECIPIENT && err.text[0] != '\0' &&
				list.count == 0,
		    "an error without words", text);
	}
	address_list_release(&list);
	check_one(text);
	address_check(text, &err);
	return 0;
}
