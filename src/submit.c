/* SPDX-License-Identifier: ISC */
/*
 * The verb of every sendmail call: read all of the message, check it,
 * complete it, and hand it as one entry to the store (or, with the queue
 * switched off, to delivery).
 */
#include "submit.h"

#include "base/io.h"
#include "base/limits.h"
#include "message/address.h"
#include "message/envelope.h"
#include "submission.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

static void
show_parameter(const char *name, const char *value)
{
	if (value != NULL)
		printf("%s%s", name, value);
}

/* As the relay that is chosen now would get it. *sender is to be freed. */
static int
introduce(struct submission *s, char **sender, struct error *err)
{
	const char *given = s->entry.envelope.sender;
	const struct relay *relay =
	    config_route(&s->config, given, s->options->relay, err);
	struct identity id;

	if (relay == NULL)
		return -1;
	id = config_identity(&s->config, relay);
	if (outgoing_rewrite(&s->message, &id, err) != 0)
		return -1;
	*sender = identity_sender(&id, given, &s->message.log);
	if (*sender == NULL)
		*sender = must_strdup(given);
	return 0;
}

/* What the relay would hear, and then the exact bytes. */
static int
dry_run(struct submission *s, struct error *err)
{
	const struct envelope *e = &s->entry.envelope;
	char *sender;

	if (submission_resolve(s, err) != 0 || introduce(s, &sender, err) != 0)
		return -1;
	if (s->options->explain)
		fprintf(stderr, "%s", buf_text(&s->message.log.lines));
	printf("MAIL FROM:<%s>%s%s%s", sender,
	    e->eight_bit ? " BODY=8BITMIME" : "", e->utf8 ? " SMTPUTF8" : "",
	    e->require_tls ? " REQUIRETLS" : "");
	free(sender);
	show_parameter(" RET=", e->ret);
	show_parameter(" ENVID=", e->envid);
	putchar('\n');
	for (size_t i = 0; i < e->rcpt_count; i++) {
		char *address =
		    address_qualify(e->rcpt[i].address, s->config.domain);

		if (s->entry.status[i].state == RCPT_WAITING) {
			printf("RCPT TO:<%s>", address);
			show_parameter(" NOTIFY=", e->rcpt[i].notify);
			putchar('\n');
		}
		free(address);
	}
	printf("\n");
	if (fflush(stdout) != 0)
		return error_errno(err, ERR_IO, "stdout");
	return outgoing_write(&s->message, STDOUT_FILENO, err) == 0 ? EX_OK
								    : -1;
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
	for (size_t n = 0; got > 0 && n < REFUSED_MAX; n += (size_t)got)
		got = io_read(STDIN_FILENO, rest, sizeof rest);
}

static int
submit_input(const struct options *o, struct error *err)
{
	struct submission s;
	char id[ENTRY_ID_SIZE];
	int code = -1;

	if (submission_begin(&s, o, err) != 0)
		return -1;
	greet_person();
	if (intake_read(&s.message.in, STDIN_FILENO, err) == 0 &&
	    submission_address(&s, err) == 0 && submission_finish(&s, err) == 0)
		code = o->dry_run ? dry_run(&s, err)
				  : submission_send(&s, id, sizeof id, err);
	submission_release(&s);
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
