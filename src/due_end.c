/* SPDX-License-Identifier: ISC */
/* What follows on what became of an entry of a flush. */
#include "due_flush.h"

#include "base/text.h"
#include "queue/pause.h"

#include <stdlib.h>

void
due_tell(struct flush *fl, const char *id, uid_t uid, const struct error *err)
{
	progress_clear(&fl->progress);
	due_say(id, uid, err);
}

void
due_note_stays(struct flush *fl)
{
	fl->stays = true;
	if (fl->share != NULL)
		fl->share->stays = true;
}

void
due_note_returned(struct flush *fl, const char *id)
{
	size_t n = fl->returned_count++;

	fl->returned =
	    must_realloc(fl->returned, n + 1, sizeof fl->returned[0]);
	text_copy(fl->returned[n].id, sizeof fl->returned[n].id, span_of(id));
}

/* What the copies go by. It is no news of a relay that somebody has sent the
 * message before, that it has no room for one session more, or for what is one
 * user's. */
static void
note_works(struct flush *fl, const struct post *post)
{
	const struct courier *c = fl->courier;

	if (fl->share == NULL || post == NULL)
		return;
	if (post->failed) {
		if (!c->copy && post->blamed == PAUSE_ALL)
			fl->share->works[post - c->posts] = false;
	} else if (post->used) {
		fl->share->works[post - c->posts] = true;
		crew_go(&fl->crew);
	}
}

/* A relay that failed is reported once, at the end, by the process that is not
 * a copy: so what a copy has not tried, that one will. */
static bool
end_kept(struct flush *fl, struct entry_file *f, bool tried, struct error *err)
{
	if (!fl->courier->copy) {
		due_note_stays(fl);
		return true;
	}
	fl->crew.over = true;
	if (tried) {
		due_note_stays(fl);
		due_tell(fl, f->id, f->entry.uid, err);
	}
	return tried;
}

/* What follows on what became of it. False: it is another process's. */
static bool
end_as(struct flush *fl, const struct under_way *u, struct entry_file *f,
    enum settled settled, struct error *err)
{
	bool kept = settled == SETTLED_KEPT || settled == SETTLED_UNTRIED;

	if (settled_is_reported(settled))
		due_note_returned(fl, f->id);
	if (settled_is_well(settled) || kept)
		note_works(fl, u->post);
	if (kept)
		return end_kept(fl, f, settled == SETTLED_KEPT, err);
	if (settled_waits(settled))
		due_note_stays(fl);
	if (!settled_is_well(settled))
		due_tell(fl, f->id, f->entry.uid, err);
	return true;
}

void
due_end(void *context, struct entry_file *f, enum settled settled,
    struct error *err)
{
	struct under_way *u = context;
	struct flush *fl = u->flush;

	if (end_as(fl, u, f, settled, err) && u->piece != NO_PIECE)
		share_end(fl->share, u->piece,
		    settled_is_reported(settled) && fl->courier->copy
			? PIECE_RETURNED
			: PIECE_DONE);
	store_entry_close(f);
	free(u);
}
