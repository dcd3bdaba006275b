/* SPDX-License-Identifier: ISC */
/* A process that works in rounds. */
#include "resident.h"

#include <signal.h>

static void
endings(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGHUP);
}

void
resident_begin(void)
{
	sigset_t set;

	endings(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

bool
resident_is_over(void)
{
	sigset_t set;

	/* What is not blocked never waits. */
	return sigpending(&set) == 0 && (sigismember(&set, SIGTERM) == 1 ||
					    sigismember(&set, SIGINT) == 1 ||
					    sigismember(&set, SIGHUP) == 1);
}

bool
resident_sleep(time_t seconds)
{
	struct timespec wait = {.tv_sec = seconds};
	sigset_t set;

	endings(&set);
	/* A suspended process is interrupted when it goes on: a round more
	 * then does no harm. */
	return sigtimedwait(&set, NULL, &wait) < 0;
}
