/* SPDX-License-Identifier: ISC */
/* RFC 2782: which of several hosts is tried first. */
#include "delivery/srv.h"

#include <stdlib.h>

/* Those without weight come first, to have their small chance. */
static int
compare(const void *left, const void *right)
{
	const struct srv_record *a = left, *b = right;

	if (a->priority != b->priority)
		return a->priority < b->priority ? -1 : 1;
	if ((a->weight == 0) != (b->weight == 0))
		return a->weight == 0 ? -1 : 1;
	return 0;
}

/* The first record whose running sum of weights reaches a random number. */
static size_t
pick(const struct srv_record *r, size_t n, uint32_t number)
{
	uint32_t sum = 0, reached = 0;

	for (size_t i = 0; i < n; i++)
		sum += r[i].weight;
	number %= sum + 1;
	for (size_t i = 0; i < n; i++) {
		reached += r[i].weight;
		if (reached >= number)
			return i;
	}
	return 0;
}

void
srv_order(struct srv_record *records, size_t n, uint32_t (*chance)(void))
{
	if (n > 1)
		qsort(records, n, sizeof *records, compare);
	for (size_t i = 0; i < n; i++) {
		size_t same = 1, at;
		struct srv_record chosen;

		while (i + same < n &&
		       records[i + same].priority == records[i].priority)
			same++;
		at = i + pick(records + i, same, chance());
		chosen = records[at];
		for (; at > i; at--)
			records[at] = records[at - 1];
		records[i] = chosen;
	}
}
