/* SPDX-License-Identifier: ISC */
/* Relays that are out of order. */
#include "outage.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "queue/pause.h"
#include "queue/schedule.h"

#include <limits.h>
#include <stdio.h>
#include <sys/random.h>

static void
say_paused(struct post *post, const struct pause *p, struct error *err)
{
	char since[CLOCK_TEXT_SIZE];

	post->until = p->until;
	clock_mailq(p->since, since);
	error_set(err, ERR_TEMPORARY,
	    "not tried, since it failed %u %s, first on %s: %s", p->failures,
	    p->failures == 1 ? "time" : "times", since, p->why);
}

bool
outage_allows(struct courier *c, struct post *post, struct error *err)
{
	const char *relay = post->relay->name;
	time_t now = clock_now();
	struct pause p;

	if (c->store == NULL || post->asked)
		return true;
	post->asked = true;
	post->paused = pause_read(c->store, relay, &p);
	if (!post->paused || c->insist)
		return true;
	if (pause_is_over(&p, now)) {
		post->probe = pause_probe(c->store, relay, &p);
		if (post->probe >= 0 && pause_is_over(&p, now))
			return true;
		io_close(&post->probe);
	}
	say_paused(post, &p, err);
	return false;
}

/* What is known of it by now. True: somebody else has just found out the
 * same, and that counts once. */
static bool
look_again(struct courier *c, struct post *post, struct pause *p, time_t now)
{
	if (!pause_read(c->store, post->relay->name, p))
		*p = (struct pause){.since = now};
	else if (post->probe < 0 && !c->insist && !pause_is_over(p, now))
		return true;
	if (p->since > now)
		p->since = now;
	return false;
}

void
outage_begin(struct courier *c, struct post *post)
{
	time_t now = clock_now();
	uint32_t chance = 0;
	struct error failed;
	struct pause p;

	post->tried = true;
	if (c->store == NULL)
		return;
	if (look_again(c, post, &p, now)) {
		post->until = p.until;
		return;
	}
	/* Without chance a fleet is in step, and nothing worse. */
	(void)!getrandom(&chance, sizeof chance, GRND_NONBLOCK);
	p.failures += p.failures < UINT_MAX;
	p.until = schedule_probe(&c->schedule, p.failures, now, chance);
	text_copy_printable(p.why, sizeof p.why, span_of(post->why.text));
	post->until = p.until;
	/* Then it is asked too often, and nothing is lost. */
	if (pause_set(c->store, post->relay->name, &p, &failed) != 0)
		log_warning("%s", failed.text);
	post->paused = true;
	outage_forget(post);
}

void
outage_end(struct courier *c, struct post *post)
{
	struct error failed;

	if (c->store == NULL || !post->paused)
		return;
	if (pause_clear(c->store, post->relay->name, &failed) != 0)
		log_warning("%s", failed.text);
	log_info("relay=%s works again", post->relay->name);
	post->paused = false;
	outage_forget(post);
}

void
outage_forget(struct post *post)
{
	io_close(&post->probe);
}

/* In the log too, since cron's output may go nowhere; but that it is paused
 * still is not worth a line each minute. */
void
courier_report(const struct courier *c)
{
	for (size_t i = 0; i < c->config->relay_count; i++) {
		const struct post *post = &c->posts[i];
		const char *name = post->relay->name;
		char until[CLOCK_TEXT_SIZE], count[32],
		    line[2 * REPLY_TEXT_MAX];

		if (post->kept == 0 || (c->resident && !post->tried))
			continue;
		text_count(count, sizeof count, post->kept, "message");
		clock_mailq(post->until, until);
		snprintf(line, sizeof line,
		    "relay \"%s\": %s; %s %s queued%s%s", name, post->why.text,
		    count, post->kept == 1 ? "stays" : "stay",
		    post->until != 0 ? "; paused until " : "",
		    post->until != 0 ? until : "");
		fprintf(stderr,
		    "pillarbox: %s; to try now: pillarbox --flush --force "
		    "--relay %s\n",
		    line, name);
		if (post->tried)
			log_warning("%s", line);
	}
}
