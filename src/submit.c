/* SPDX-License-Identifier: ISC */
/*
 * The verb of every sendmail call: read all of the message, check it,
 * complete it, and hand it as one entry to the store (or, with the queue
 * switched off, to delivery).
 */
#include "submit.h"

#include "base/clock.h"
#include "base/io.h"
#include "handover.h"
#include "message/address.h"
#include "message/dsn.h"
#include "message/envelope.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

enum { REST_MAX = 64 << 20 }; /* of what is refused, in bytes */

static int
make_envelope(struct submission *s, struct error *err)
{
	const struct options *o = s->options;
	struct error ignored;
	const struct relay *relay =
	    config_route(&s->config, "", o->relay, o->relay ? err : &ignored);
	const struct envelope_request request = {
	    .sender = o->sender,
	    .rcpt = o->arguments,
	    .rcpt_count = o->argument_count,
	    .from_header = o->from_header,
	    .after_dashes = o->after_dashes,
	    .login = s->caller.login,
	    .host_name = s->config.host_name,
	    .relay_from = relay != NULL ? relay->from : NULL,
	    .bare_allowed = s->config.domain != NULL,
	};

	if (o->relay != NULL && relay == NULL)
		return -1;
	if (envelope_make(&s->entry.envelope, &request,
		buf_span(&s->message.in.head), err) != 0)
		return -1;
	return dsn_request(
	    &s->entry.envelope, o->notify, o->ret, o->envid, err);
}

/* A message for which there is no relay would only wait in the queue. */
static int
check_relay(struct submission *s, struct error *err)
{
	const struct envelope *e = &s->entry.envelope;

	if (config_route(&s->config, e->sender, s->options->relay, err) == NULL)
		return -1;
	if (s->options->relay != NULL)
		snprintf(s->entry.relay, sizeof s->entry.relay, "%s",
		    s->options->relay);
	return 0;
}

/* Who stands in From when the header has none and the sender is null. */
static char *
author(const struct submission *s)
{
	const char *sender = s->entry.envelope.sender;

	if (sender[0] != '\0')
		return must_strdup(sender);
	return address_join(s->caller.login, s->config.host_name);
}

static int
mend(struct submission *s, struct error *err)
{
	struct envelope *e = &s->entry.envelope;
	char *from = author(s);
	const struct completion c = {
	    .now_us = clock_now_us(),
	    .sender = from,
	    .full_name = s->options->full_name != NULL ? s->options->full_name
						       : s->caller.full_name,
	    .host_name = s->config.host_name,
	    .domain = s->config.domain != NULL ? s->config.domain
					       : s->config.host_name,
	    .received = s->config.received,
	    .uid = getuid(),
	};
	int rc = outgoing_mend(&s->message, &c, err);

	free(from);
	e->require_tls = s->options->require_tls;
	e->utf8 = e->utf8 || s->message.utf8;
	e->eight_bit = e->utf8 || s->message.eight_bit;
	s->entry.size = s->message.size;
	return rc;
}

static void
show_parameter(const char *name, const char *value)
{
	if (value != NULL)
		printf("%s%s", name, value);
}

/* What the relay would hear, and then the exact bytes. */
static int
dry_run(struct submission *s, struct error *err)
{
	const struct envelope *e = &s->entry.envelope;

	if (s->options->explain)
		fprintf(stderr, "%s", buf_text(&s->message.log.lines));
	printf("MAIL FROM:<%s>%s%s%s", e->sender,
	    e->eight_bit ? " BODY=8BITMIME" : "", e->utf8 ? " SMTPUTF8" : "",
	    e->require_tls ? " REQUIRETLS" : "");
	show_parameter(" RET=", e->ret);
	show_parameter(" ENVID=", e->envid);
	putchar('\n');
	for (size_t i = 0; i < e->rcpt_count; i++) {
		const char *address = e->rcpt[i].address;
		bool bare = strchr(address, '@') == NULL;

		printf("RCPT TO:<%s%s%s>", address, bare ? "@" : "",
		    bare ? s->config.domain : "");
		show_parameter(" NOTIFY=", e->rcpt[i].notify);
		putchar('\n');
	}
	printf("\n");
	if (fflush(stdout) != 0)
		return error_errno(err, ERR_IO, "stdout");
	return outgoing_write(&s->message, STDOUT_FILENO, err) == 0 ? EX_OK
								    : -1;
}

static enum delivery_mode
mode_of(const struct submission *s)
{
	switch (s->options->delivery) {
	case WISH_BACKGROUND:
		return DELIVERY_BACKGROUND;
	case WISH_FOREGROUND:
		return DELIVERY_FOREGROUND;
	case WISH_QUEUE:
		return DELIVERY_QUEUE;
	case WISH_NONE:
		break;
	}
	return s->config.delivery;
}

static int
deliver_or_queue(struct submission *s, struct error *err)
{
	enum delivery_mode mode = mode_of(s);
	bool seen_to;
	char id[64];
	int code;

	if (!s->config.queue_enabled)
		return handover_direct(s, err);
	code = handover_queue(s, mode, id, sizeof id, &seen_to, err);
	if (code != EX_OK || seen_to)
		return code;
	return handover_attempt(s, id, mode == DELIVERY_FOREGROUND);
}

/* Who called it to see what it does would wait for ever. */
static void
greet_person(void)
{
	if (isatty(STDIN_FILENO) && isatty(STDERR_FILENO))
		fprintf(stderr,
		    "pillarbox: type the message, and Ctrl-D in a line of its "
		    "own; or see pillarbox --help\n");
}

/*
 * Nothing was kept, so the message is its caller's again. One that shares a
 * file with us, as bsd-mailx does, saves what stands behind where we leave it.
 * One that still writes would end by a broken pipe before it hears our status;
 * but it is not listened to for ever.
 */
static void
give_back(off_t begin)
{
	char rest[BUFSIZ];
	ssize_t got = 1;

	if (begin >= 0) {
		lseek(STDIN_FILENO, begin, SEEK_SET);
		return;
	}
	if (isatty(STDIN_FILENO))
		return;
	for (size_t n = 0; got > 0 && n < REST_MAX; n += (size_t)got)
		got = io_read(STDIN_FILENO, rest, sizeof rest);
}

static int
submit_input(const struct options *o, struct error *err)
{
	struct submission s = {.options = o};
	int code = -1;

	if (config_load(&s.config, o->config, err) != 0)
		return -1;
	/* Our own stderr is the caller's, who hears of it anyway. */
	log_choose(
	    s.config.log == LOG_TO_SYSLOG ? LOG_TO_SYSLOG : LOG_TO_NOTHING,
	    s.config.log_json);
	outgoing_init(&s.message, s.config.max_size);
	paths_caller(&s.caller);
	greet_person();
	if (intake_read(&s.message.in, STDIN_FILENO, err) == 0 &&
	    make_envelope(&s, err) == 0 && check_relay(&s, err) == 0 &&
	    mend(&s, err) == 0)
		code =
		    o->dry_run ? dry_run(&s, err) : deliver_or_queue(&s, err);
	entry_release(&s.entry);
	paths_caller_release(&s.caller);
	outgoing_release(&s.message);
	config_release(&s.config);
	return code;
}

int
submit(const struct options *o, struct error *err)
{
	off_t begin = lseek(STDIN_FILENO, 0, SEEK_CUR);
	int code = submit_input(o, err);

	if (code != EX_OK)
		give_back(begin);
	return code;
}
