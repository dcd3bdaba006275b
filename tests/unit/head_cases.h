/* SPDX-License-Identifier: ISC */
/* Lines of which heads of entries are made, and whether one is taken. */
#ifndef HEAD_CASES_H
#define HEAD_CASES_H

#include "unit.h"

#include "queue/entry.h"

#define ID "64C8F1A2B3C4DAB12CD"
#define FIRST "pillarbox 1\n"
#define STAMPS "id " ID "\ntime 2026-11-21T19:25:01Z\nuid 1000\n"
#define FROM "from <alice@example.com>\n"
#define TO "to <bob@example.net>\n"
#define SIZE "size 12\n"

static inline bool
decodes(struct span head, bool stamped)
{
	struct error err = {0};
	struct entry e;

	if (entry_decode(&e, stamped, head, &err) != 0) {
		assert_int_equal(err.kind, ERR_DATA);
		assert_true(err.text[0] != '\0');
		return false;
	}
	entry_release(&e);
	return true;
}

#endif
