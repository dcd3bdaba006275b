/* SPDX-License-Identifier: ISC */
/*
 * Reads "LENGTH\n" and an address, as often as there is one. Writes a line for
 * each: may it stand in an envelope as it is (address_check), can it be read as
 * people and header fields write it (address_parse_one), each "valid" or
 * "invalid"; and the address in envelope form, or why there is none.
 */
#include "message/address.h"

#include <stdio.h>
#include <stdlib.h>

static void
judge(struct span text)
{
	struct error err, ignored;
	bool fit = address_check(text, &ignored) == 0;
	char *address;

	printf("%s\t", fit ? "valid" : "invalid");
	if (address_parse_one(text, &address, &err) != 0) {
		printf("invalid\t%s\n", err.text);
		return;
	}
	if (address[0] == '\0')
		printf("invalid\tthe null sender\n");
	else
		printf("valid\t%s\n", address);
	free(address);
}

int
main(void)
{
	char line[64];

	while (fgets(line, sizeof line, stdin) != NULL) {
		size_t len = strtoul(line, NULL, 10);
		char *text = malloc(len + 1);

		if (text == NULL || fread(text, 1, len, stdin) != len)
			return EXIT_FAILURE;
		judge(span(text, len));
		free(text);
	}
	return EXIT_SUCCESS;
}
