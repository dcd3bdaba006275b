/* SPDX-License-Identifier: ISC */
/* From the front to the helpers. */
#include "handover.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/io.h"
#include "base/process.h"
#include "config/paths.h"
#include "gate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

/* For starting, and for writing down what happened. */
#define GRACE_MS 1000

static int
write_entry(struct submission *s, int fd, struct error *err)
{
	struct buf head;
	int rc;

	buf_init(&head, ENTRY_HEAD_MAX);
	entry_encode(&s->entry, false, &head);
	if (!buf_ok(&head))
		rc = error_set(err, ERR_DATA, "too many recipients");
	else if (io_write(fd, head.at, head.len) != 0)
		rc = error_errno(err, ERR_IO, "handing the message over");
	else
		rc = outgoing_write(&s->message, fd, err);
	buf_release(&head);
	return rc;
}

/* Arguments that every helper of this call gets. */
static size_t
common_arguments(const struct submission *s, const char **argv)
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

/*
 * A reader that stopped reading (ERR_IO) has said why, unless it is content;
 * one that got less than the whole entry keeps nothing.
 */
static int
judge(int written, int code, const struct error *why, struct error *err)
{
	if (written == 0 || code < 0 || (why->kind == ERR_IO && code != EX_OK))
		return code;
	*err = *why;
	return -1;
}

int
handover_direct(struct submission *s, struct error *err)
{
	char *program = paths_helper("pillarbox-deliver");
	const char *argv[8] = {program};
	size_t n = common_arguments(s, argv);
	struct error why;
	struct child helper;
	int rc, code;

	argv[n] = "--direct";
	if (s->config.own || gate_helper_works(program))
		rc = child_start(&helper, argv, CHILD_STDIN, err);
	else
		rc = error_set(err, ERR_CONFIG,
		    "pillarbox-deliver cannot have its rights here (no setuid "
		    "bit, or no new privileges); switch the queue on");
	free(program);
	if (rc != 0)
		return -1;
	rc = write_entry(s, helper.to, &why);
	code = child_wait(&helper);
	if (code < 0)
		error_set(err, ERR_TEMPORARY,
		    "pillarbox-deliver was killed; send the message again");
	return judge(rc, code, &why, err);
}

/* Else whoever serves the socket sends it. */
static bool
can_attempt(const struct submission *s)
{
	char *program = paths_helper("pillarbox-deliver");
	bool can = s->config.own || gate_helper_works(program);

	free(program);
	return can;
}

#define SLOTS_SIZE (RELAY_NAME_SIZE + 8)

/* What the store is asked to do, with its argument in slots; "": none. */
static const char *
verb_for(
    const struct submission *s, enum delivery_mode mode, char slots[SLOTS_SIZE])
{
	const struct entry *e = &s->entry;
	const struct relay *relay;
	struct error ignored;

	slots[0] = '\0';
	if (mode == DELIVERY_QUEUE || !can_attempt(s))
		return "accept";
	if (mode == DELIVERY_FOREGROUND)
		return "reserve";
	relay = config_route(&s->config, e->envelope.sender,
	    e->relay[0] ? e->relay : NULL, &ignored);
	if (relay == NULL)
		return "accept";
	snprintf(slots, SLOTS_SIZE, "%s:%u", relay->name,
	    (unsigned)relay->connections % 1000);
	return "offer";
}

int
handover_queue(struct submission *s, enum delivery_mode mode, char *id,
    size_t size, bool *seen_to, struct error *err)
{
	struct span rest, line, first = {0};
	char slots[SLOTS_SIZE];
	const char *verb = verb_for(s, mode, slots);
	struct gate gate;
	struct error why;
	bool told;
	ssize_t n;
	int rc, code;

	if (gate_open(&gate, &s->config, verb, slots[0] ? slots : NULL,
		CHILD_STDIN | CHILD_STDOUT, err) != 0)
		return -1;
	rc = write_entry(s, gate.to, &why);
	gate_end_input(&gate);
	n = gate_read(&gate, id, size - 1);
	rest = span(id, n > 0 ? (size_t)n : 0);
	told = span_cut(&rest, '\n', &line) && span_cut(&line, ' ', &first) &&
	       id_is_valid(first);
	*seen_to = mode == DELIVERY_QUEUE || (told && line.len > 0);
	id[told ? first.len : 0] = '\0';
	code = gate_close(&gate, err);
	/* It names only what is durable, whatever became of it after that. */
	if (told)
		return EX_OK;
	if (code < 0)
		error_prefix(err, "send the message again");
	return judge(rc, code, &why, err);
}

/* When delivery must have given up by itself, whatever it waits for but the
 * reply to a whole message. */
static int64_t
patience(const struct config *c)
{
	int64_t ms = c->foreground_timeout_ms + GRACE_MS;

	for (size_t i = 0; i < c->relay_count; i++)
		if (c->relays[i].password_command != NULL)
			return ms + SECRET_COMMAND_MS;
	return ms;
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
	size_t n = common_arguments(s, argv);
	struct child child;
	struct error err;
	int code = EX_OK;

	if (!can_attempt(s)) {
		if (s->options->verbose)
			fprintf(stderr,
			    "pillarbox: %s: queued; the next flush sends it\n",
			    id);
		free(program);
		return EX_OK;
	}
	argv[n++] = foreground ? "--foreground" : "--background";
	argv[n] = id;
	if (child_start(&child, argv, foreground ? CHILD_SAID : CHILD_DETACHED,
		&err) != 0)
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
