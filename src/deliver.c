/* SPDX-License-Identifier: ISC */
/* One entry: its delivery, and what is written down of it. */
#include "deliver.h"

#include "attempt_log.h"
#include "base/log.h"
#include "message/message_id.h"
#include "resolve.h"
#include "settle.h"

#include <stdlib.h>

/* The recipients that need nothing more, as an array for a transaction. */
static bool *
settled_of(const struct entry *e)
{
	bool *settled = must_calloc(e->envelope.rcpt_count, sizeof *settled);

	for (size_t i = 0; i < e->envelope.rcpt_count; i++)
		settled[i] = e->status[i].state != RCPT_WAITING;
	return settled;
}

static void
note(void *context, const struct record *r)
{
	store_entry_note(context, r);
}

/* Those of whom nobody knows where they are, until a person has mended it, are
 * put off without a word to the relay. Is there anybody else? */
static bool
put_off_unknown(struct job *j, const struct resolution *r)
{
	bool others = false;

	for (size_t i = 0; i < r->count; i++)
		if (!j->skip[i] && r->trouble != NULL &&
		    r->trouble[i] != NULL) {
			j->skip[i] = true;
			transaction_end_one(
			    &j->parcel.t, i, OUTCOME_DEFERRED, r->trouble[i]);
		} else {
			others = others || !j->skip[i];
		}
	return others;
}

/* Behind all that must not wait for the log. trouble: what j->trouble was when
 * err was about that. What the attempt's line does not say has its own. */
static void
log_end(const struct job *j, const char *trouble, enum settled settled,
    const struct error *err)
{
	struct entry_file *f = j->file;
	char message_id[MESSAGE_ID_SIZE];
	const struct attempt attempt = {.entry = &f->entry,
	    .t = j->t,
	    .post = j->parcel.post,
	    .peer = &j->parcel.peer,
	    .rewrite = &j->parcel.rewrite,
	    .message_id = message_id,
	    .trouble = j->trouble != NULL ? trouble : ""};

	message_id_read(f->fd, f->message_at, message_id);
	attempt_log(&attempt);
	if (settled == SETTLED_FAILED || settled == SETTLED_HELD ||
	    settled == SETTLED_BROKEN)
		log_warning("%s: %s", f->id, err->text);
}

/* It has come back. */
static void
end_job(struct job *j)
{
	struct post *post = j->parcel.post;
	struct error err = j->parcel.err, asked = err;
	enum settled settled;
	int rc = j->parcel.rc;

	if (rc == 1) {
		post->kept++;
		settled = SETTLED_UNTRIED;
	} else {
		settled = settle(j, rc, &err);
		log_end(j, asked.text, settled, &err);
		if (j->discarded > 0)
			log_info("%s: thrown away for %zu of its recipients, "
				 "whose alias is /dev/null",
			    j->file->id, j->discarded);
	}
	/* It knows its recipients by the entry, which goes next. */
	parcel_release(&j->parcel);
	free(j->skip);
	j->end(j->context, j->file, settled, &err);
	free(j);
}

void
deliver_push(struct courier *c, struct store *s, struct entry_file *f,
    bool give_back, deliver_end *end, void *context)
{
	struct job *j = must_calloc(1, sizeof *j);
	const struct entry *e = &j->own.entry;
	struct resolution r;

	j->own = *f;
	*f = (struct entry_file){.fd = -1};
	j->courier = c;
	j->store = s;
	j->file = &j->own;
	j->t = &j->parcel.t;
	resolve(&r, &j->own.entry, c->config, &c->aliases, note, &j->own);
	j->discarded = r.discarded;
	j->skip = settled_of(e);
	j->give_back = give_back;
	j->end = end;
	j->context = context;
	parcel_init(&j->parcel, e, j->own.message_at);
	j->parcel.t.skip = j->skip;
	j->parcel.t.fd = j->own.fd;
	j->parcel.t.size = e->size;
	/* After a crash between the last outcome and the report nobody waits.
	 */
	if (put_off_unknown(j, &r))
		parcel_push(c, &j->parcel);
	else
		end_job(j);
	resolution_release(&r);
}

void
deliver_settle(struct courier *c, bool wait)
{
	struct parcel *p;

	while ((p = parcel_next(c, wait)) != NULL)
		end_job((struct job *)p);
}

/* Who waits for one entry. */
struct waiting {
	struct entry_file *file;
	struct error *err;
	enum settled settled;
};

static void
end_wait(void *context, struct entry_file *f, enum settled settled,
    struct error *err)
{
	struct waiting *w = context;

	*w->file = *f;
	*w->err = *err;
	w->settled = settled;
}

enum settled
deliver_entry(struct courier *c, struct store *s, struct entry_file *f,
    bool give_back, struct error *err)
{
	struct waiting w = {.file = f, .err = err};

	deliver_push(c, s, f, give_back, end_wait, &w);
	deliver_settle(c, true);
	return w.settled;
}
