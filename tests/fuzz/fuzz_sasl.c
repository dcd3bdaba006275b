/* SPDX-License-Identifier: ISC */
/*
 * A login with a server that says the input: its first octet is the mechanism,
 * each line a challenge. A line that begins with "=" is sent as it is, others
 * in base64, with our nonce for each "%".
 *
 * No server that does not know the password is ever believed that it does, and
 * none is told the password by what does not tell it. One that refuses a token
 * hears nothing more of it, and what it says of it is fit to be shown.
 */
#include "strict.h"

#include "base/limits.h"
#include "base/text.h"
#include "config/mechanism.h"
#include "delivery/bearer.h"
#include "delivery/sasl.h"
#include "delivery/scram.h"
#include "message/base64.h"
#include "target.h"

#include <nettle/base64.h>
#include <string.h>

#define PASSWORD "open sesame"
#define STEPS_MAX 8

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* More of them only take their time. */
#define ITERATIONS_OF_FUZZ "i=4096"

static void
decode(struct span code, struct buf *to)
{
	struct base64_decode_ctx ctx;
	size_t n = BASE64_DECODE_LENGTH(code.len);
	char *room = buf_room(to, n);

	base64_decode_init(&ctx);
	strict_must(room != NULL && base64_decode_update(&ctx, &n,
					(uint8_t *)room, code.len, code.at),
	    "an answer that is no base64", code);
	buf_grown(to, n);
}

/* What the line stands for. */
static void
compose(struct span line, struct span nonce, struct buf *to)
{
	struct buf plain;

	if (span_starts(line, "=")) {
		buf_add_span(to, span_from(line, 1));
		return;
	}
	buf_init(&plain, SASL_CHALLENGE_MAX);
	for (size_t i = 0; i < line.len; i++)
		if (line.at[i] == '%')
			buf_add_span(&plain, nonce);
		else
			buf_add_byte(&plain, line.at[i]);
	base64_add(buf_span(&plain), to);
	buf_release(&plain);
}

static void
check(int mechanism, const struct sasl *sasl, struct span answer,
    struct span input)
{
	bool clear = (MECHANISM_BIT(mechanism) & MECHANISM_ALL_CLEAR) != 0;

	strict_must(clear || !sasl_is_done(sasl),
	    "a server is believed that does not know the password", input);
	strict_must(clear || memmem(answer.at, answer.len, PASSWORD,
				 strlen(PASSWORD)) == NULL,
	    "the password is told", input);
}

/* Our nonce, as it must be in the first answer of SCRAM. */
static void
take_nonce(struct span answer, struct buf *to)
{
	struct buf first;

	buf_init(&first, 4 * KIB);
	decode(answer, &first);
	buf_add_span(to, scram_nonce(buf_span(&first)));
	buf_release(&first);
}

static void
talk(struct sasl *sasl, int mechanism, struct span rest, struct span input)
{
	struct buf answer, challenge, nonce, plain;
	struct error err = {0};
	struct span line = span("", 0);
	int rc;

	buf_init(&answer, 64 * KIB);
	buf_init(&challenge, SASL_CHALLENGE_MAX);
	buf_init(&nonce, 1 * KIB);
	buf_init(&plain, 64 * KIB);
	rc = sasl_step(sasl, span("", 0), &answer, &err);
	strict_must(rc == 0, "it does not begin", input);
	take_nonce(buf_span(&answer), &nonce);
	for (int i = 0; i < STEPS_MAX && rc == 0; i++) {
		if (sasl_is_done(sasl) || !span_cut(&rest, '\n', &line))
			break;
		buf_clear(&challenge);
		buf_clear(&answer);
		buf_clear(&plain);
		compose(line, buf_span(&nonce), &challenge);
		if (!buf_ok(&challenge))
			break;
		rc = sasl_step(sasl, buf_span(&challenge), &answer, &err);
		strict_must(rc == 0 || (err.kind == ERR_PERMISSION &&
					   err.text[0] != '\0'),
		    "an error without words", input);
		decode(buf_span(&answer), &plain);
		check(mechanism, sasl, buf_span(&plain), input);
	}
	buf_release(&answer);
	buf_release(&challenge);
	buf_release(&nonce);
	buf_release(&plain);
}

static bool
is_printable(const char *text)
{
	for (; *text != '\0'; text++)
		if (text_is_control(*text))
			return false;
	return true;
}

/* The first line is what it says of the token. */
static void
refuse_token(int mechanism, struct span rest, struct span input)
{
	static const char *const ends[] = {
	    [MECHANISM_OAUTHBEARER] = "AQ==",
	    [MECHANISM_XOAUTH2] = "",
	};
	struct span line = span("", 0);
	char refusal[BEARER_REFUSAL_SIZE] = "";
	struct bearer b = {.mechanism = mechanism,
	    .user = "a,b=c",
	    .token = PASSWORD,
	    .host = "mail.example.com",
	    .port = 465};
	struct buf answer, challenge, plain;
	struct error err;

	buf_init(&answer, 64 * KIB);
	buf_init(&challenge, REPLY_TEXT_MAX);
	buf_init(&plain, 64 * KIB);
	strict_must(bearer_step(&b, span("", 0), &answer, refusal, &err) == 0 &&
			bearer_is_done(&b) && refusal[0] == '\0',
	    "it does not begin", input);
	decode(buf_span(&answer), &plain);
	strict_must(memmem(plain.at, plain.len, PASSWORD "\1\1",
			strlen(PASSWORD) + 2) != NULL,
	    "the token is not said", input);
	buf_clear(&answer);
	span_cut(&rest, '\n', &line);
	compose(line, span("", 0), &challenge);
	strict_must(bearer_step(&b, buf_span(&challenge), &answer, refusal,
			&err) == 0 &&
			!bearer_is_done(&b) &&
			span_is(buf_span(&answer), ends[mechanism]),
	    "more is said after a token was refused", input);
	strict_must(refusal[0] != '\0' && is_printable(refusal),
	    "what is said of a token cannot be shown", input);
	buf_release(&answer);
	buf_release(&challenge);
	buf_release(&plain);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int mechanisms[] = {MECHANISM_SCRAM_SHA_256_PLUS,
	    MECHANISM_SCRAM_SHA_1_PLUS, MECHANISM_SCRAM_SHA_256,
	    MECHANISM_SCRAM_SHA_1, MECHANISM_LOGIN, MECHANISM_XOAUTH2,
	    MECHANISM_OAUTHBEARER};
	const struct binding binding = {
	    .kind = BINDING_EXPORTER, .octets = {1, 2, 3}, .len = 32};
	struct sasl_options options = {.host = "mail.example.com",
	    .user = "alice@example.com",
	    .password = PASSWORD,
	    .binding = &binding};
	struct span input = span((const char *)data, size);
	struct error err;
	struct sasl *sasl;

	if (size < 1)
		return 0;
	options.mechanism = mechanisms[data[0] % COUNT(mechanisms)];
	if ((MECHANISM_BIT(options.mechanism) & MECHANISM_ALL_TOKEN) != 0) {
		refuse_token(options.mechanism, span_from(input, 1), input);
		return 0;
	}
	if ((mechanism_built() & MECHANISM_ALL_SCRAM) == 0)
		return 0;
	if (memmem(data, size, "i=", 2) != NULL &&
	    memmem(data, size, ITERATIONS_OF_FUZZ, 6) == NULL)
		return 0;
	sasl = sasl_begin(&options, &err);
	strict_must(sasl != NULL, "it cannot begin", input);
	talk(sasl, options.mechanism, span_from(input, 1), input);
	sasl_end(sasl);
	return 0;
}
