/* SPDX-License-Identifier: ISC */
/* What a person does to entries. */
#include "queue/steer.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/io.h"
#include "base/log.h"
#include "base/process.h"
#include "base/text.h"
#include "queue/place.h"

#include <stdio.h>
#include <unistd.h>

/* 1: it is for who; 0: it is not, or there is none; -1 with err. */
static int
may_see(struct store *s, const char *id, uid_t who, struct error *err)
{
	struct queued q = {.not_before = 0};

	if (!text_copy(q.id, sizeof q.id, span_of(id)))
		return 0;
	return store_may_see(s, &q, who, err);
}

bool
steer_may_see(struct store *s, const char *id, uid_t who)
{
	struct error ignored;

	return may_see(s, id, who, &ignored) > 0;
}

enum steered
steer_open(struct store *s, const char *id, uid_t who, struct entry_file *f,
    struct error *err)
{
	int rc = who == STEER_ALL ? 1 : may_see(s, id, who, err);

	if (rc <= 0)
		return rc == 0 ? STEER_GONE : STEER_FAILED;
	switch (store_entry_open(s, id, f, err)) {
	case OPEN_DONE:
		break;
	case OPEN_BUSY:
		return STEER_BUSY;
	case OPEN_GONE:
		return STEER_GONE;
	case OPEN_CORRUPT:
		error_prefix(err, "moved to corrupt/");
		return STEER_FAILED;
	case OPEN_FAILED:
		return STEER_FAILED;
	}
	if (who == STEER_ALL || f->entry.uid == who)
		return STEER_DONE;
	store_entry_close(f);
	return STEER_GONE;
}

static int
hold(struct entry_file *f, struct error *err)
{
	char text[64];
	struct record r;

	if (f->entry.held)
		return 0;
	snprintf(text, sizeof text, "held by hand, by uid %lu",
	    (unsigned long)process_caller());
	record_set(&r, EVENT_HELD, RCPT_NONE, NULL, text);
	if (store_entry_append(f, &r, err) != 0)
		return -1;
	return store_entry_defer(f, STORE_NEVER, err);
}

/* Also what was put off for ever without a record. */
static int
release(struct entry_file *f, struct error *err)
{
	struct record r;

	if (!f->entry.held && f->next < STORE_NEVER)
		return 0;
	if (f->not_before != 0 && store_entry_expose(f, err) != 0)
		return -1;
	record_set(&r, EVENT_RELEASED, RCPT_NONE, NULL, "");
	if (f->entry.held && store_entry_append(f, &r, err) != 0)
		return -1;
	return store_entry_defer(f, clock_now(), err);
}

/* What anybody waits for, or might hear of, is not forgotten. */
static int
forget(struct store *s, struct entry_file *f, struct error *err)
{
	size_t refused = entry_count(&f->entry, RCPT_REFUSED);

	if (refused == 0 || refused != entry_rcpts(&f->entry))
		return error_set(
		    err, ERR_USAGE, "%s: is not refused for all", f->id);
	return store_entry_remove(s, f, err);
}

enum steered
steer_one(struct store *s, const char *id, enum steer what, uid_t who,
    struct error *err)
{
	static const char *const done[] = {
	    "held", "released", "removed", "forgotten"};
	struct entry_file f;
	enum steered result = steer_open(s, id, who, &f, err);
	int rc = -1;

	if (result != STEER_DONE)
		return result;
	switch (what) {
	case STEER_HOLD:
		rc = hold(&f, err);
		break;
	case STEER_RELEASE:
		rc = release(&f, err);
		break;
	case STEER_REMOVE:
		rc = store_entry_remove(s, &f, err);
		break;
	case STEER_FORGET:
		rc = forget(s, &f, err);
		break;
	}
	if (rc == 0)
		log_info("%s: %s by uid %lu", id, done[what],
		    (unsigned long)process_caller());
	store_entry_close(&f);
	return rc == 0 ? STEER_DONE : STEER_FAILED;
}

int
steer_sync(struct store *s, struct error *err)
{
	if (place_sync(s) != 0)
		return error_errno(err, ERR_IO, "%s/queue", s->path);
	return 0;
}

/* What cannot be an id, a NUL inside among others, names nothing. */
static enum steered
act_on(struct span line, steer_act *act, void *context, struct error *err)
{
	char id[ENTRY_ID_SIZE];

	if (!text_copy(id, sizeof id, line) || !id_is_valid(span_of(id)))
		return STEER_GONE;
	return act(context, id, err);
}

static void
answer(enum steered result, const struct error *why)
{
	static const char *const words[] = {[STEER_DONE] = "done",
	    [STEER_BUSY] = "busy",
	    [STEER_GONE] = "gone"};

	if (result == STEER_FAILED)
		printf("failed %s\n", why->text);
	else
		printf("%s\n", words[result]);
}

/* All is read before anything is done: whoever writes need not listen
 * meanwhile, and nothing is half done for one who hangs up. */
int
steer_each(int fd, steer_act *act, void *context, struct error *err)
{
	struct span rest, line;
	struct error why;
	struct buf ids;
	int rc;

	buf_init(&ids, STEER_IDS_MAX);
	rc = io_read_all(fd, &ids, "the ids", err);
	rest = buf_span(&ids);
	while (rc == 0 && span_cut(&rest, '\n', &line))
		answer(act_on(line, act, context, &why), &why);
	if (rc == 0 && fflush(stdout) != 0)
		rc = error_errno(err, ERR_IO, "stdout");
	buf_release(&ids);
	return rc;
}
