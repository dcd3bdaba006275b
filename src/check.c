/* SPDX-License-Identifier: ISC */
/* The verb of --check. */
#include "check.h"

#include "backlog.h"
#include "base/clock.h"
#include "base/text.h"
#include "cli/exitcode.h"
#include "config/paths.h"

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

/* What is told of in one line, however many there are. */
struct state {
	size_t held;
	char held_id[ENTRY_ID_SIZE]; /* the oldest one */
	size_t late;
	char late_id[ENTRY_ID_SIZE]; /* the oldest one */
	time_t late_time;
};

static void
look_at(struct state *s, const struct listed *l, time_t limit)
{
	const struct entry *e = l->entry;

	if (e->held) {
		if (s->held++ == 0)
			text_copy(
			    s->held_id, sizeof s->held_id, span_of(e->id));
	} else if (limit > 0 && clock_now() - e->time > limit) {
		if (s->late++ == 0) {
			text_copy(
			    s->late_id, sizeof s->late_id, span_of(e->id));
			s->late_time = e->time;
		}
	}
}

static void
say(const struct state *s)
{
	char count[32], age[CLOCK_TEXT_SIZE];

	if (s->held > 0)
		fprintf(stderr,
		    "pillarbox: %s held, the oldest is %s; see pillarbox "
		    "--show %s, then --release, --bounce or --remove\n",
		    text_count(count, sizeof count, s->held, "message"),
		    s->held_id, s->held_id);
	clock_duration(clock_now() - s->late_time, age);
	if (s->late > 0)
		fprintf(stderr,
		    "pillarbox: %s undelivered for too long, the oldest, %s, "
		    "for %s; see pillarbox --show %s\n",
		    text_count(count, sizeof count, s->late, "message"),
		    s->late_id, age, s->late_id);
}

/* What waits, and why. The exit code, or -1 with err. */
static int
check_backlog(const struct config *c, struct error *err)
{
	struct state s = {0};
	struct backlog b;
	struct listed l;
	struct error why;
	size_t paused = 0;
	int rc, code;

	if (backlog_open(&b, c, err) != 0)
		return -1;
	while ((rc = backlog_next(&b, &l, &why)) > 0)
		look_at(&s, &l, (time_t)c->warn_after);
	for (size_t i = 0; i < b.pause_count; i++) {
		/* One that nothing goes to can tell nobody that it is well. */
		if (b.waiting[i] == 0)
			continue;
		fputs("pillarbox: ", stderr);
		listing_text_pause(&b.pauses[i], b.waiting[i],
		    !c->own && geteuid() != 0, stderr);
		paused++;
	}
	code = backlog_close(&b, err);
	if (code == EX_OK && rc < 0)
		code = exitcode_report(&why);
	say(&s);
	if (code != EX_OK)
		return code;
	return s.held + s.late + paused > 0 ? EX_TEMPFAIL : EX_OK;
}

/* Every file of the queue, as the store finds it. */
static int
check_entries(const struct config *c, struct error *err)
{
	char line[2 * REPLY_TEXT_MAX];
	struct gate gate;
	size_t wrong = 0;
	FILE *from;
	int code;

	if (gate_open(&gate, c, "verify", NULL, CHILD_STDOUT, err) != 0)
		return -1;
	from = gate_answer(&gate);
	while (from != NULL && fgets(line, sizeof line, from) != NULL) {
		fprintf(stderr, "pillarbox: %s", line);
		wrong++;
	}
	code = gate_close(&gate, err);
	return code == EX_OK && wrong > 0 ? EX_TEMPFAIL : code;
}

/* Only the owner of a queue, and root, may have all of it looked through. */
static int
check_queue(const struct config *c, struct error *err)
{
	int code = check_backlog(c, err);
	int entries = EX_OK;

	if (code < 0 || (!c->own && geteuid() != 0))
		return code;
	entries = check_entries(c, err);
	return entries == EX_OK ? code : entries;
}

/* The passwords, as delivery finds them: it has rights that we have not, and
 * folders above a file count. 1: it has said that one cannot be had. */
static size_t
check_secrets(const struct config *c)
{
	char *program = paths_helper("pillarbox-deliver");
	const char *system[] = {program, "--secrets", NULL};
	const char *own[] = {program, "--config", c->path, "--secrets", NULL};
	struct child child;
	struct error err;
	size_t wrong = 0;

	if (c->own || (geteuid() == 0 && gate_helper_works(program))) {
		if (child_start(&child, c->own ? own : system, 0, &err) != 0)
			exitcode_report(&err);
		else
			wrong = child_wait(&child) != EX_OK;
	}
	free(program);
	return wrong;
}

int
check(const struct options *o, struct error *err)
{
	struct config config;
	int code = EX_OK;
	size_t wrong;

	if (config_load(&config, o->config, err) != 0)
		return -1;
	wrong = check_files(&config) + check_aliases(&config);
	if (wrong == 0)
		wrong = check_secrets(&config);
	if (config.queue_enabled)
		code = check_queue(&config, err);
	if (code < 0)
		code = exitcode_report(err);
	config_release(&config);
	return wrong > 0 ? EX_CONFIG : code;
}
