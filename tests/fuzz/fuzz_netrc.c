/* SPDX-License-Identifier: ISC */
/* A netrc: nothing of it in an error, and no password but one that is there. */
#include "strict.h"

#include "base/limits.h"
#include "config/netrc.h"
#include "target.h"

#include <stdlib.h>
#include <string.h>

/* Are the letters of what was found in the file, in this order? */
static bool
is_from(const struct buf *found, struct span input)
{
	size_t n = 0;

	for (size_t i = 0; i < input.len && n < found->len; i++)
		n += input.at[i] == found->at[n];
	return n == found->len;
}

/* Nothing behind PATH and LINE but a text of ours. */
static bool
is_ours(const char *text)
{
	static const char *const ours[] = {"a word that is none of machine, ",
	    "begins without a machine", "a quote that is never closed",
	    "ends behind a keyword", "a word is too long"};

	if (strcmp(text,
		"path: no password for the machine relay and the login me") ==
	    0)
		return true;
	if (strncmp(text, "path:", 5) != 0)
		return false;
	text += 5 + strspn(text + 5, "0123456789");
	for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
		if (strncmp(text + 2, ours[i], strlen(ours[i])) == 0)
			return true;
	return false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char relay[] = "relay";
	char *machines[] = {relay, NULL};
	struct span input = span((const char *)data, size);
	struct error err = {0};
	struct buf found;
	int rc;

	buf_init(&found, SECRET_MAX);
	rc = netrc_find("path", input, machines, "me", &found, &err);
	if (rc == 0)
		strict_must(is_from(&found, input), "not of the file", input);
	else
		strict_must(rc == -1 && err.kind == ERR_CONFIG &&
				found.len == 0 && is_ours(err.text),
		    "an error that is none", input);
	buf_wipe(&found);
	buf_release(&found);
	return 0;
}
