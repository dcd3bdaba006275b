/* SPDX-License-Identifier: ISC */
/* From the front to delivery. */
#include "attempt.h"

#include "base/clock.h"
#include "base/io.h"
#include "config/paths.h"
#include "gate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

/* For starting, and for writing down what happened. */
#define GRACE_MS 1000

size_t
attempt_arguments(const struct submission *s, const char **argv)
{
	size_t n = 1;

	if (s->config.own) {
		argv[n++] = "--config";
		argv[n++] = s->config.path;
	}
	if (s->options->verbose)
		argv[n++] = "--verbose";
	return n;
}

bool
attempt_can(const struct submission *s)
{
	char *program = paths_helper("pillarbox-deliver");
	bool can = s->config.own || gate_helper_works(program);

	free(program);
	return can;
}

void
attempt_begin(struct submission *s)
{
	char *program = paths_helper("pillarbox-deliver");
	const char *argv[8] = {program};
	size_t n = attempt_arguments(s, argv);
	struct error ignored;

	argv[n++] = "--foreground";
	argv[n] = "-";
	s->begun = child_start(&s->attempt, argv, CHILD_STDIN | CHILD_SAID,
		       &ignored) == 0;
	free(program);
}

void
attempt_call_off(struct submission *s)
{
	if (s->begun)
		child_wait(&s->attempt);
	s->begun = false;
}

/* False: it did not live to hear of it. */
static bool
tell_id(struct submission *s, const char *id)
{
	char line[ENTRY_ID_SIZE + 1];
	int n = snprintf(line, sizeof line, "%s\n", id);

	if (!s->begun || io_write(s->attempt.to, line, (size_t)n) != 0) {
		attempt_call_off(s);
		return false;
	}
	io_close(&s->attempt.to);
	s->begun = false;
	return true;
}

/* When delivery must have given up by itself, whatever it waits for but the
 * reply to a whole message. */
static int64_t
patience(const struct config *c)
{
	int64_t asked = 0;

	for (size_t i = 0; i < c->relay_count; i++) {
		const struct relay *r = &c->relays[i];
		int64_t ms = SECRET_COMMAND_MS *
			     ((r->password_command != NULL) +
				 (r->tls_key_password_command != NULL));

		if (ms > asked)
			asked = ms;
	}
	return c->foreground_timeout_ms + GRACE_MS + asked;
}

/* Waits for the outcome, but not for ever: it is queued, and in hand. */
static int
await(struct submission *s, const char *id, struct child *child)
{
	char time[CLOCK_TEXT_SIZE];

	if (child_hear_until(
		child, clock_monotonic_ms() + patience(&s->config)))
		return child_wait(child);
	clock_duration((time_t)(s->config.foreground_timeout_ms / 1000), time);
	fprintf(stderr,
	    "pillarbox: %s: queued; the relay has not answered within %s; the "
	    "delivery goes on in the background\n",
	    id, time);
	return EX_OK;
}

/* Its caller hears that it was refused, and nobody else need. If this fails,
 * the sender is told as well. */
static void
forget(struct submission *s, const char *id)
{
	struct error ignored;
	char answer[32];
	struct gate gate;

	if (gate_open(&gate, &s->config, "forget", NULL,
		CHILD_STDIN | CHILD_STDOUT, &ignored) != 0)
		return;
	if (io_write(gate.to, id, strlen(id)) == 0)
		io_write(gate.to, "\n", 1);
	gate_end_input(&gate);
	while (gate_read(&gate, answer, sizeof answer) > 0)
		continue;
	gate_close(&gate, &ignored);
}

int
handover_attempt(struct submission *s, const char *id, bool foreground)
{
	char *program = paths_helper("pillarbox-deliver");
	const char *argv[8] = {program};
	size_t n = attempt_arguments(s, argv);
	struct child child;
	struct error err;
	int code = EX_OK;

	if (!attempt_can(s)) {
		if (s->options->verbose)
			fprintf(stderr,
			    "pillarbox: %s: queued; the next flush sends it\n",
			    id);
		free(program);
		return EX_OK;
	}
	argv[n++] = foreground ? "--foreground" : "--background";
	argv[n] = id;
	if (foreground && tell_id(s, id))
		code = await(s, id, &s->attempt);
	else if (child_start(&child, argv,
		     foreground ? CHILD_SAID : CHILD_DETACHED, &err) != 0)
		fprintf(stderr,
		    "pillarbox: %s is queued, but not sent now: %s\n", id,
		    err.text);
	else if (foreground)
		code = await(s, id, &child);
	free(program);
	if (code != EX_UNAVAILABLE && code != EX_NOUSER)
		return EX_OK;
	forget(s, id);
	return code;
}
