/* SPDX-License-Identifier: ISC */
/* By a browser. */
#include "oauth/code.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/limits.h"
#include "oauth/form.h"
#include "oauth/pkce.h"

#include <poll.h>
#include <string.h>

/* What follows within that belongs to what was copied before. */
#define COPIED_MS 200

static int
set_redirect(struct code *c, struct error *err)
{
	const char *redirect = c->relay->oauth->redirect;
	uint16_t port;

	buf_add_text(&c->redirect, redirect);
	if (span_starts(span_of(redirect), "https://"))
		return 0;
	c->listener = redirect_listen(&port, err);
	if (c->listener < 0)
		return -1;
	buf_printf(&c->redirect, ":%u/", (unsigned)port);
	return 0;
}

static void
set_address(struct code *c)
{
	const struct oauth *o = c->relay->oauth;
	struct buf challenge;
	struct buf *to = &c->address;
	struct buf form;

	buf_init(&challenge, 100);
	pkce_challenge(buf_span(&c->verifier), &challenge);
	buf_init(&form, OAUTH_REPLY_MAX);
	form_add(&form, "response_type", "code");
	form_add(&form, "client_id", o->client_id);
	form_add(&form, "redirect_uri", buf_text(&c->redirect));
	form_add(&form, "scope", o->scope);
	form_add(&form, "state", buf_text(&c->state));
	form_add(&form, "code_challenge", buf_text(&challenge));
	form_add(&form, "code_challenge_method", "S256");
	form_add(&form, "login_hint", o->login ? o->login : c->relay->user);
	buf_add_text(to, o->authorization_endpoint);
	buf_add_byte(
	    to, strchr(o->authorization_endpoint, '?') != NULL ? '&' : '?');
	buf_add_span(to, buf_span(&form));
	buf_add_text(to, o->parameters);
	buf_release(&form);
	buf_release(&challenge);
}

int
code_begin(
    struct code *c, const struct relay *relay, int copied, struct error *err)
{
	*c = (struct code){.relay = relay,
	    .listener = -1,
	    .copied = copied,
	    .end_ms = clock_monotonic_ms() + AUTHORIZE_MS};
	buf_init(&c->verifier, 100);
	buf_init(&c->state, 100);
	buf_init(&c->redirect, OAUTH_URL_SIZE + 10);
	buf_init(&c->address, OAUTH_REPLY_MAX);
	buf_init(&c->code, REDIRECT_REQUEST_MAX);
	buf_init(&c->line, REDIRECT_REQUEST_MAX);
	buf_room(&c->verifier, 100);
	if (pkce_random(&c->verifier, err) != 0 ||
	    pkce_random(&c->state, err) != 0 || set_redirect(c, err) != 0)
		return -1;
	set_address(c);
	return buf_ok(&c->address)
		   ? 0
		   : error_set(err, ERR_CONFIG,
			 "the scope is too long for an address");
}

/* Many a terminal breaks an address that is longer than its line. */
static void
add_joined(struct buf *to, struct span line)
{
	for (size_t i = 0; i < line.len; i++)
		if ((unsigned char)line.at[i] > ' ')
			buf_add_byte(to, line.at[i]);
}

/* What was copied in one go: an address begins with a line that says so, or at
 * all, and has all lines up to the next one. */
static enum redirect
read_lines(const struct code *c, struct buf *code, struct error *err)
{
	enum redirect result = REDIRECT_NONE;
	struct span rest = buf_span(&c->line), line;
	struct buf address;

	buf_init(&address, REDIRECT_REQUEST_MAX);
	buf_room(&address, REDIRECT_REQUEST_MAX);
	while (rest.len > 0 &&
	       (result == REDIRECT_NONE || result == REDIRECT_OTHER)) {
		buf_wipe(&address);
		do {
			line = rest;
			span_cut(&rest, '\n', &line);
			add_joined(&address, line);
		} while (rest.len > 0 && !span_starts(span_trim(rest), "http"));
		if (address.len > 0)
			result = redirect_read(
			    buf_span(&address), buf_span(&c->state), code, err);
	}
	buf_wipe(&address);
	buf_release(&address);
	return result;
}

static enum redirect
take_copied(struct code *c, struct error *err)
{
	enum redirect result = read_lines(c, &c->code, err);

	buf_wipe(&c->line);
	return result;
}

/* A line that is too long to be an address is thrown away to its end. */
static enum redirect
add_copied(struct code *c, struct span block)
{
	struct span dropped;

	if (c->too_long && memchr(block.at, '\n', block.len) == NULL)
		return REDIRECT_NONE;
	if (c->too_long)
		span_cut(&block, '\n', &dropped);
	buf_add_span(&c->line, block);
	c->too_long = !buf_ok(&c->line);
	if (!c->too_long)
		return REDIRECT_NONE;
	buf_wipe(&c->line);
	return REDIRECT_OTHER;
}

static enum redirect
read_copied(struct code *c, struct error *err)
{
	char block[1 * KIB];
	ssize_t n = io_read(c->copied, block, sizeof block);
	enum redirect result;

	if (n <= 0) {
		c->copied = -1;
		return take_copied(c, err);
	}
	result = add_copied(c, span(block, (size_t)n));
	explicit_bzero(block, sizeof block);
	return result;
}

/* Is there a line, of which more may follow? */
static bool
has_line(const struct code *c)
{
	struct span s = buf_span(&c->line);

	return memchr(s.at, '\n', s.len) != NULL;
}

enum redirect
code_wait(struct code *c, struct error *err)
{
	enum redirect result = REDIRECT_NONE;

	while (result == REDIRECT_NONE) {
		struct pollfd p[2] = {
		    {.fd = c->listener, .events = POLLIN},
		    {.fd = c->copied, .events = POLLIN},
		};
		int64_t left = c->end_ms - clock_monotonic_ms();
		bool whole = has_line(c);

		if (c->listener < 0 && c->copied < 0)
			return (enum redirect)error_set(
			    err, ERR_TEMPORARY, "no address was given");
		if (whole && left > COPIED_MS)
			left = COPIED_MS;
		if (left <= 0 || (poll(p, 2, (int)left) == 0 && !whole))
			return (enum redirect)error_set(err, ERR_TEMPORARY,
			    "nobody agreed within %d minutes",
			    AUTHORIZE_MS / 60000);
		if (p[0].revents != 0)
			result = redirect_accept(
			    c->listener, buf_span(&c->state), &c->code, err);
		else if (p[1].revents != 0)
			result = read_copied(c, err);
		else if (whole)
			result = take_copied(c, err);
	}
	return result;
}

int
code_redeem(struct code *c, struct answer *a, struct error *err)
{
	const char *endpoint = c->relay->oauth->token_endpoint;
	struct buf form;
	int rc;

	/* A code is used once. */
	io_close(&c->listener);
	buf_init(&form, OAUTH_REPLY_MAX);
	rc = grant_begin(c->relay, "authorization_code", &form, err);
	form_add(&form, "code", buf_text(&c->code));
	form_add(&form, "redirect_uri", buf_text(&c->redirect));
	form_add(&form, "code_verifier", buf_text(&c->verifier));
	if (rc == 0)
		rc = grant_ask(
		    c->relay, endpoint, &form, OAUTH_TIMEOUT_MS, a, err);
	buf_wipe(&form);
	buf_release(&form);
	if (rc == 0 && a->error != NULL)
		rc = grant_fault(c->relay, endpoint, a, err);
	return rc;
}

void
code_end(struct code *c)
{
	struct buf *all[] = {&c->verifier, &c->state, &c->redirect, &c->address,
	    &c->code, &c->line};

	io_close(&c->listener);
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		buf_wipe(all[i]);
		buf_release(all[i]);
	}
}
