/* SPDX-License-Identifier: ISC */
/* What the processes of one flush know together. */
#include "share.h"

#include "due.h"

#include <sys/mman.h>

struct share *
share_new(size_t count, size_t relay_count, struct error *err)
{
	size_t size = sizeof(struct share) + count * sizeof(struct piece) +
		      relay_count * sizeof(atomic_bool);
	struct share *s = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (s == MAP_FAILED) {
		error_errno(err, ERR_TEMPORARY, "cannot share memory");
		return NULL;
	}
	s->size = size;
	s->count = count;
	s->works = (atomic_bool *)&s->piece[count];
	for (size_t i = 0; i < count; i++)
		s->piece[i].uid = DUE_NOBODYS;
	return s;
}

void
share_free(struct share *s)
{
	munmap(s, s->size);
}

bool
share_take(struct share *s, size_t i)
{
	unsigned char waits = PIECE_WAITS;

	return atomic_compare_exchange_strong(
	    &s->piece[i].state, &waits, PIECE_TAKEN);
}

void
share_put_back(struct share *s, size_t i)
{
	s->piece[i].state = PIECE_WAITS;
}

void
share_end(struct share *s, size_t i, enum piece_state state)
{
	s->piece[i].state = (unsigned char)state;
	s->done++;
}

void
share_reclaim(struct share *s)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->piece[i].state == PIECE_TAKEN)
			share_put_back(s, i);
}
