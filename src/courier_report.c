/* SPDX-License-Identifier: ISC */
/* What is said of relays that failed. */
#include "deliver.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/process.h"
#include "base/text.h"
#include "queue/pause.h"

#include <stdio.h>

/* What one user alone was answered is nobody else's business. */
static bool
may_hear(const struct post *post)
{
	return post->blamed == PAUSE_ALL || process_is_trusted() ||
	       post->blamed == process_caller();
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
		if (may_hear(post) && !(log_is_stderr() && post->tried))
			fprintf(stderr,
			    "pillarbox: %s; to try now%s: pillarbox --flush "
			    "--force --relay %s\n",
			    line, process_is_trusted() ? "" : ", as root",
			    name);
		if (post->tried)
			log_warning("%s", line);
	}
}
