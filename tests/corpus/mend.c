/* SPDX-License-Identifier: ISC */
/*
 * What `pillarbox --dry-run` does to messages, for many of them without a
 * process each. Reads "LENGTH\n" and a message, as often as there is one, and
 * writes "CODE EIGHT-BIT UTF8 LENGTH ERROR-LENGTH\n", the message and the
 * error.
 */
#include "../fuzz/whole.h"

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

static int
mend_one(size_t len)
{
	const struct whole_wish wish = {0};
	struct whole w;
	struct span error = span("", 0);
	char *message = malloc(len > 0 ? len : 1);
	int rc;

	if (message == NULL || fread(message, 1, len, stdin) != len) {
		free(message);
		return -1;
	}
	rc = whole_make(&w, span(message, len), &wish);
	if (rc != 0) {
		buf_clear(&w.out);
		error = span_of(w.err.text);
	}
	printf("%d %d %d %zu %zu\n", rc == 0 ? EX_OK : EX_DATAERR,
	    w.message.eight_bit, w.message.utf8, w.out.len, error.len);
	fwrite(buf_text(&w.out), 1, w.out.len, stdout);
	fwrite(error.at, 1, error.len, stdout);
	whole_release(&w);
	free(message);
	return fflush(stdout);
}

int
main(void)
{
	char line[64];

	while (fgets(line, sizeof line, stdin) != NULL)
		if (mend_one(strtoul(line, NULL, 10)) != 0)
			return EXIT_FAILURE;
	return EXIT_SUCCESS;
}
