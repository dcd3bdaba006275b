/* SPDX-License-Identifier: ISC */
/* From the front to the helpers. */
#include "attempt.h"

#include "base/id.h"
#include "base/io.h"
#include "base/process.h"
#include "config/paths.h"
#include "gate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

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
	size_t n = attempt_arguments(s, argv);
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
	if (mode == DELIVERY_QUEUE || !attempt_can(s))
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

	if (mode == DELIVERY_FOREGROUND && attempt_can(s))
		attempt_begin(s);
	if (gate_open(&gate, &s->config, verb, slots[0] ? slots : NULL,
		CHILD_STDIN | CHILD_STDOUT, err) != 0) {
		attempt_call_off(s);
		return -1;
	}
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
	attempt_call_off(s);
	if (code < 0)
		error_prefix(err, "send the message again");
	return judge(rc, code, &why, err);
}
