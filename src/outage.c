/* SPDX-License-Identifier: ISC */
/* Relays that are out of order. */
#include "outage.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/log.h"
#include "base/process.h"
#include "base/text.h"
#include "delivery/blank.h"
#include "queue/pause.h"
#include "queue/schedule.h"

#include <limits.h>
#include <sys/random.h>

/* Whoever probes may be stopped by who started it, and is not waited for
 * any longer than this. */
#define PROBE_PATIENCE ((time_t)20 * 60)

static void
stay_away(struct post *post, const struct pause *p)
{
	char since[CLOCK_TEXT_SIZE];

	post->failed = true;
	post->blamed = p->uid;
	post->until = p->until;
	clock_mailq(p->since, since);
	error_set(&post->why, ERR_TEMPORARY,
	    "not tried, since it failed %u %s, first on %s: %s", p->failures,
	    p->failures == 1 ? "time" : "times", since, p->why);
}

/* Whoever probes can be frozen by who started it, and others wait for it: so
 * a process that is not trusted probes for its caller alone. */
static bool
may_lock(const struct pause *p)
{
	return process_is_trusted() || p->uid == process_caller();
}

/* A pause that is over. p: as it is by now. */
static bool
may_probe(struct courier *c, struct post *post, struct pause *p, time_t now)
{
	if (may_lock(p))
		post->probe = pause_probe(c->store, post->relay->name, p);
	if (!may_lock(p))
		io_close(&post->probe);
	if (pause_is_over(p, now) &&
	    (post->probe >= 0 || p->until + PROBE_PATIENCE <= now))
		return true;
	io_close(&post->probe);
	return false;
}

/* Of somebody else, in a process that has none of that one's messages. */
static bool
is_of_others(const struct pause *p)
{
	return !process_is_trusted() && !pause_is_for(p, process_caller());
}

/* What is known on disk. */
static void
look(struct courier *c, struct post *post)
{
	time_t now = clock_now();
	struct pause p;

	if (c->store == NULL || post->asked)
		return;
	post->asked = true;
	post->paused = pause_read(c->store, post->relay->name, &p);
	if (!post->paused || c->insist || is_of_others(&p))
		return;
	if (!pause_is_over(&p, now) || !may_probe(c, post, &p, now))
		stay_away(post, &p);
}

bool
outage_allows(
    struct courier *c, struct post *post, uid_t uid, struct error *err)
{
	look(c, post);
	if (!post->failed || (post->blamed != PAUSE_ALL && post->blamed != uid))
		return true;
	*err = post->why;
	return false;
}

/* What is known of it by now. True: somebody else has just found out the
 * same, and that counts once. What was for one user, or for all, before the
 * pause was over, need not be so now. */
static bool
look_again(struct courier *c, struct post *post, struct pause *p, time_t now)
{
	uid_t blamed = post->blamed;

	if (!pause_read(c->store, post->relay->name, p))
		*p = (struct pause){.since = now, .uid = blamed};
	else if (pause_is_over(p, now))
		p->uid = blamed;
	else if ((post->probe < 0 || !process_is_trusted()) && !c->insist &&
		 pause_is_for(p, blamed))
		return true;
	else if (p->uid != blamed) {
		p->uid = post->blamed = PAUSE_ALL;
		p->failures--;
	}
	if (p->since > now)
		p->since = now;
	return false;
}

/* What was said of one message is told to the senders of others. */
static void
hide_addresses(char *text)
{
	char *to = text;

	blank_addresses(text);
	for (const char *at = text; *at != '\0'; at++)
		if (*at != ' ' || (to > text && to[-1] != ' '))
			*to++ = *at;
	*to = '\0';
}

/* For whom it is out of order from now on. Who started this process can see to
 * it that it reaches nothing (limits, a control group), so that counts for all
 * only if that one is trusted. */
static void
blame(const struct courier *c, struct post *post, uid_t uid)
{
	if (c->config->own || (post->unreached && process_is_trusted()) ||
	    (post->failed && post->blamed != uid))
		uid = PAUSE_ALL;
	post->failed = true;
	post->blamed = uid;
}

/* True: it is known to be paused; else *p is as far as it is known. */
static bool
is_known(struct courier *c, struct post *post, uid_t uid, struct pause *p)
{
	blame(c, post, uid);
	post->tried = true;
	if (!look_again(c, post, p, clock_now()))
		return false;
	post->until = p->until;
	return true;
}

static void
keep(struct courier *c, struct post *post, struct pause *p)
{
	struct error failed;

	text_copy_printable(p->why, sizeof p->why, span_of(post->why.text));
	post->until = p->until;
	/* Then it is asked too often, and nothing is lost. */
	if (pause_set(c->store, post->relay->name, p, &failed) != 0)
		log_warning("%s", failed.text);
	post->paused = true;
	outage_forget(post);
}

void
outage_begin(struct courier *c, struct post *post, uid_t uid, time_t least,
    const struct error *why)
{
	uint32_t chance = 0;
	struct pause p;

	post->why = *why;
	if (!c->config->own && !post->unreached)
		hide_addresses(post->why.text);
	if (c->store == NULL) {
		blame(c, post, uid);
		post->tried = true;
		return;
	}
	if (is_known(c, post, uid, &p))
		return;
	/* Without chance a fleet is in step, and nothing worse. */
	(void)!getrandom(&chance, sizeof chance, GRND_NONBLOCK);
	p.failures += p.failures < UINT_MAX;
	p.until = schedule_probe(
	    &c->schedule, p.failures, least, clock_now(), chance);
	keep(c, post, &p);
}

void
outage_wait(struct courier *c, struct post *post, uid_t uid, time_t until,
    const struct error *why)
{
	struct pause p;

	post->why = *why;
	if (is_known(c, post, uid, &p))
		return;
	p.failures = 1;
	p.since = clock_now();
	p.until = until;
	keep(c, post, &p);
}

void
outage_end(struct courier *c, struct post *post)
{
	struct error failed;

	post->failed = false;
	if (c->store == NULL || !post->paused)
		return;
	if (pause_clear(c->store, post->relay->name, &failed) != 0)
		log_warning("%s", failed.text);
	log_info("relay \"%s\" works again", post->relay->name);
	post->paused = false;
	outage_forget(post);
}

void
outage_forget(struct post *post)
{
	io_close(&post->probe);
}
