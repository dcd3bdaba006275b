/* SPDX-License-Identifier: ISC */
/*
 * Reads "LENGTH\n" and an address, as often as there is one. Writes a line for
 * each: "valid" and the address in envelope form, or "invalid" and why.
 */
#include "message/address.h"

#include <stdio.h>
#include <stdlib.h>

static void
judge(struct span text)
{
	struct error err;
	char *address;

	if (address_parse_one(text, &address, &err) != 0) {
		printf("invalid\t%s\n", err.text);
		return;
	}
	if (address[0] == '\0')
		printf("invalid\tempty\n");
	else if (address_check(span_of(address), &err) != 0)
		printf("unfit\t%s\n", err.text);
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
