/* SPDX-License-Identifier: ISC */
/* Messages offered to a relay that plays a script. */
#include "unit.h"

#include "offer.h"

#include "base/io.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

struct offer offer;

static char alice[] = "alice@example.com", bob[] = "bob@example.net",
	    carol[] = "carol@example.net";

int
offer_set_up(void **state)
{
	(void)state;
	offer = (struct offer){.relay = {.timeout_ms = OFFER_TIMEOUT_MS,
				   .window = 32,
				   .window_size = 1 * MIB},
	    .rcpt = {{.address = bob}, {.address = carol}}};
	offer.envelope = (struct envelope){
	    .sender = alice, .rcpt = offer.rcpt, .rcpt_count = 2};
	return 0;
}

int
offer_tear_down(void **state)
{
	(void)state;
	fake_end();
	return 0;
}

void
offer_begin(const struct fake_step *steps, size_t n)
{
	const struct stream_options options = {.relay = &offer.relay};

	fake_start(steps, n);
	fake.caps = offer.caps;
	fake.chunk = offer.chunk;
	assert_int_equal(session_open(&offer.session, &options, &offer.err), 0);
}

int
offer_again(struct error *err)
{
	struct transaction *same;

	session_push(&offer.session, &offer.t);
	return session_next(&offer.session, true, &same, err) == 1 ? 0 : -1;
}

const char *
offer_file(struct span content, size_t size)
{
	static const char letters[] = {[OUTCOME_NONE] = '0',
	    [OUTCOME_ACCEPTED] = '+',
	    [OUTCOME_DEFERRED] = '-',
	    [OUTCOME_REFUSED] = 'x',
	    [OUTCOME_IN_DOUBT] = '?'};
	static char told[512];
	struct transaction *t = &offer.t;
	int rc, n;

	if (t->results != NULL)
		transaction_release(t);
	transaction_init(t, &offer.envelope);
	t->domain = offer.domain;
	t->skip = offer.skip;
	t->size = (int64_t)size;
	t->fd = memfd_create("message", MFD_CLOEXEC);
	assert_int_equal(io_write(t->fd, content.at, content.len), 0);
	assert_int_equal(lseek(t->fd, 0, SEEK_SET), 0);
	offer.err = (struct error){0};
	rc = offer_again(&offer.err);
	assert_int_equal(rc == 0, offer.err.kind == ERR_NONE);
	close(t->fd);
	n = snprintf(told, sizeof told, "%d ", rc);
	for (size_t i = 0; i < offer.envelope.rcpt_count; i++)
		told[n++] = letters[t->results[i].outcome];
	told[n] = '\0';
	return told;
}

const char *
offer_message(void)
{
	const char *told = offer_file(span_of(MESSAGE), sizeof MESSAGE - 1);

	if (told[0] == '-')
		assert_int_equal(offer.err.kind, ERR_TEMPORARY);
	return told;
}

void
offer_end(void)
{
	session_close(&offer.session);
	transaction_release(&offer.t);
}
