/* SPDX-License-Identifier: ISC */
/* The verbs of --hold, --release, --remove and --bounce. */
#include "steering.h"

#include "base/io.h"
#include "base/text.h"
#include "config/paths.h"
#include "gate.h"
#include "selection.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

/* Who does it: the store, or delivery, since a report is made there. */
struct doer {
	bool is_store;
	struct gate gate;
	struct child child;
	int to;
	FILE *answers;
};

/* What the store is asked for, and what is said when it is done. */
static const struct {
	const char *name;
	const char *done;
} acts[] = {
    [VERB_HOLD] = {"hold", "held"},
    [VERB_RELEASE] = {"release", "released"},
    [VERB_REMOVE] = {"remove", "removed"},
    [VERB_BOUNCE] = {"bounce", "returned"},
};

static int
start_deliver(struct doer *d, const struct config *c, struct error *err)
{
	char *program = paths_helper("pillarbox-deliver");
	const char *argv[5] = {program};
	size_t n = 1;
	int rc;

	if (c->own) {
		argv[n++] = "--config";
		argv[n++] = c->path;
	}
	argv[n] = "--bounce";
	if (!c->own && !gate_helper_works(program))
		rc = error_set(err, ERR_PERMISSION,
		    "%s cannot have its rights here (no setuid bit, or no new "
		    "privileges); as root: pillarbox --bounce",
		    program);
	else
		rc = child_start(
		    &d->child, argv, CHILD_STDIN | CHILD_STDOUT, err);
	free(program);
	if (rc != 0)
		return -1;
	d->to = d->child.to;
	d->answers = fdopen(d->child.from, "r");
	return d->answers != NULL
		   ? 0
		   : error_errno(err, ERR_TEMPORARY, "pillarbox-deliver");
}

static int
start(struct doer *d, const struct config *c, enum verb verb, struct error *err)
{
	*d = (struct doer){.is_store = verb != VERB_BOUNCE};
	if (!d->is_store)
		return start_deliver(d, c, err);
	if (gate_open(&d->gate, c, acts[verb].name, NULL,
		CHILD_STDIN | CHILD_STDOUT, err) != 0)
		return -1;
	d->to = d->gate.to;
	d->answers = gate_answer(&d->gate);
	return d->answers != NULL
		   ? 0
		   : error_set(err, ERR_TEMPORARY, "out of memory");
}

static void
end_input(struct doer *d)
{
	if (d->is_store)
		gate_end_input(&d->gate);
	else
		io_close(&d->child.to);
}

static int
end(struct doer *d, struct error *err)
{
	int code;

	if (d->is_store)
		return gate_close(&d->gate, err);
	fclose(d->answers);
	d->child.from = -1;
	code = child_wait(&d->child);
	if (code < 0)
		error_set(err, ERR_TEMPORARY, "pillarbox-deliver was killed");
	return code;
}

/* What became of all that was asked for. */
struct tally {
	size_t done, gone, stuck;
};

static void
count(struct tally *t, struct span id, const char *answer)
{
	const char *why = answer;

	if (strcmp(answer, "done") == 0) {
		t->done++;
		return;
	}
	if (strcmp(answer, "gone") == 0) {
		t->gone++;
		why = "not in the queue";
	} else {
		t->stuck++;
	}
	if (strcmp(answer, "busy") == 0)
		why = "is being delivered now; try again";
	else if (strncmp(answer, "failed ", 7) == 0)
		why += 7;
	fprintf(stderr, "pillarbox: %.*s: %s\n", SPAN_ARG(id), why);
}

/* One answer for each id, in their order. */
static int
hear(struct doer *d, struct span ids, struct tally *t, struct error *err)
{
	char line[2 * REPLY_TEXT_MAX];
	struct span id;

	while (span_cut(&ids, '\n', &id)) {
		if (fgets(line, sizeof line, d->answers) == NULL)
			return error_set(err, ERR_TEMPORARY,
			    "not all was done; see pillarbox --list");
		line[strcspn(line, "\n")] = '\0';
		count(t, id, line);
	}
	return 0;
}

static int
ask(const struct config *c, enum verb verb, struct span ids, struct tally *t,
    struct error *err)
{
	struct error why;
	struct doer d;
	int code, rc = 0;

	if (start(&d, c, verb, err) != 0)
		return -1;
	if (io_write(d.to, ids.at, ids.len) != 0 && errno != EPIPE)
		rc = error_errno(&why, ERR_IO, "naming the messages");
	end_input(&d);
	if (rc == 0)
		rc = hear(&d, ids, t, &why);
	code = end(&d, err);
	if (rc == 0 || code != EX_OK)
		return code;
	*err = why;
	return -1;
}

static int
conclude(const struct options *o, const struct tally *t)
{
	char text[32];

	if (o->verbose)
		printf("%s %s\n",
		    text_count(text, sizeof text, t->done, "message"),
		    acts[o->verb].done);
	if (t->stuck > 0)
		return EX_TEMPFAIL;
	return t->gone > 0 ? EX_USAGE : EX_OK;
}

static int
steer_selected(
    const struct options *o, const struct config *c, struct error *err)
{
	struct selection s;
	struct tally t = {0};
	int code = selection_make(&s, o, c, err);

	t.gone = s.missing;
	if (code == EX_OK && s.ids.len > 0)
		code = ask(c, o->verb, buf_span(&s.ids), &t, err);
	selection_release(&s);
	return code == EX_OK ? conclude(o, &t) : code;
}

int
steering(const struct options *o, struct error *err)
{
	struct config config;
	int code;

	if (config_load(&config, o->config, err) != 0)
		return -1;
	if (config.queue_enabled)
		code = steer_selected(o, &config, err);
	else
		code = error_set(err, ERR_USAGE,
		    "%s: the queue is switched off", config.path);
	config_release(&config);
	return code;
}
