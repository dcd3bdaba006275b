/* SPDX-License-Identifier: ISC */
/* What the store can be asked for. */
#include "verbs.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/process.h"
#include "base/text.h"
#include "patience.h"
#include "queue/folder.h"
#include "queue/look.h"
#include "queue/slot.h"
#include "queue/steer.h"
#include "verbs_list.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

static void
log_accepted(const struct accepted *a)
{
	struct logline *l = log_line(false, a->id);

	logline_number(l, "uid", (int64_t)process_caller());
	logline_address(l, "from", a->sender);
	logline_number(l, "size", a->size);
	logline_number(l, "nrcpt", (int64_t)a->rcpt_count);
	logline_address(l, "message-id", a->message_id);
	logline_end(l, "status", "accepted", NULL);
	log_write();
}

/* So long a message is left to a caller who starts its delivery. */
#define RESERVE_SECONDS 10

/* Slots are named by a caller who knows the configuration, and are that
 * caller's own: RELAY:COUNT. */
static bool
is_watched(struct store *s, const char *slots)
{
	struct span name, number = span_of(slots);
	char relay[RELAY_NAME_SIZE];
	unsigned long long count;

	return span_cut(&number, ':', &name) &&
	       text_copy(relay, sizeof relay, name) &&
	       text_number(number, CONNECTIONS_MAX, &count) &&
	       slot_is_watched(s, relay, process_caller(), (size_t)count);
}

static int
take(struct store *s, const char *slots, struct error *err)
{
	struct accepted a;

	if (store_accept(s, STDIN_FILENO, process_caller(), &a, err) != 0)
		return -1;
	/* It is ours already: that nobody hears the id changes nothing. */
	patience_renew(PATIENCE_OUTPUT);
	printf("%s%s\n", a.id,
	    slots != NULL && is_watched(s, slots) ? " watched" : "");
	fflush(stdout);
	log_accepted(&a);
	return EX_OK;
}

static int
take_reserved(struct store *s, const char *ignored, struct error *err)
{
	s->reserve = RESERVE_SECONDS;
	return take(s, ignored, err);
}

struct steering {
	struct store *store;
	enum steer what;
};

static enum steered
steer(void *context, const char *id, struct error *err)
{
	const struct steering *t = context;

	patience_renew(PATIENCE_OUTPUT);
	return steer_one(t->store, id, t->what, verb_reader(), err);
}

static int
steer_all(struct store *s, enum steer what, struct error *err)
{
	struct steering t = {.store = s, .what = what};

	/* For all ids: they are a few MiB at most. */
	patience_renew(PATIENCE_INPUT);
	if (steer_each(STDIN_FILENO, steer, &t, err) != 0)
		return -1;
	return steer_sync(s, err);
}

/* A line for each entry that something is wrong with, and for each that was
 * moved aside. */
static int
verify(struct store *s, const char *ignored, struct error *err)
{
	struct queued *queue;
	struct dirent *d;
	struct error why;
	int code = EX_OK;
	size_t count;
	DIR *corrupt;

	(void)ignored;
	if (store_names(s, &queue, &count, err) != 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (look_verify(s, queue[i].id, &why) != 0)
			printf("%s/queue/%s: %s\n", s->path, queue[i].id,
			    why.text);
	free(queue);
	corrupt = folder_list(s->corrupt);
	if (corrupt == NULL)
		return error_errno(err, ERR_IO, "%s/corrupt", s->path);
	for (errno = 0; (d = readdir(corrupt)) != NULL; errno = 0)
		if (d->d_name[0] != '.')
			printf("%s/corrupt/%s: was moved aside; see \"A "
			       "corrupt entry\" in pillarbox-queue(5)\n",
			    s->path, d->d_name);
	if (errno != 0)
		code = error_errno(err, ERR_IO, "%s/corrupt", s->path);
	closedir(corrupt);
	return code;
}

static int
due(struct store *s, const char *ignored, struct error *err)
{
	(void)ignored, (void)err;
	return store_is_due(s, clock_now(), verb_reader()) ? EX_OK : 1;
}

static const struct verb verbs[] = {
    {"accept", .run = take, .accepts = true},
    {"offer", .run = take, .accepts = true, .takes_id = true},
    {"reserve", .run = take_reserved, .accepts = true},
    {"list", .run = verb_list},
    {"show", .run = verb_show, .takes_id = true},
    {"hold", .steer = STEER_HOLD},
    {"release", .steer = STEER_RELEASE},
    {"remove", .steer = STEER_REMOVE},
    /* For the front, whose caller has heard that it was refused. */
    {"forget", .steer = STEER_FORGET},
    {"verify", .run = verify, .for_owner = true},
    {"due", .run = due},
};

const struct verb *
verb_find(const char *name)
{
	if (name == NULL)
		return &verbs[0];
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

int
verb_run(
    const struct verb *v, struct store *s, const char *id, struct error *err)
{
	static char block[IO_BLOCK];
	int code;

	if (v->for_owner && verb_reader() != STEER_ALL)
		return error_set(err, ERR_PERMISSION,
		    "--%s is for root, or the owner of the queue", v->name);
	setvbuf(stdout, block, _IOFBF, sizeof block);
	code =
	    v->run != NULL ? v->run(s, id, err) : steer_all(s, v->steer, err);
	patience_renew(PATIENCE_OUTPUT);
	/* What is accepted is ours, whoever hears of it. */
	if (code >= 0 && !v->accepts && (fflush(stdout) != 0 || ferror(stdout)))
		return error_errno(err, ERR_IO, "stdout");
	return code;
}
