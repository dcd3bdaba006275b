/* SPDX-License-Identifier: ISC */
/* What an endpoint answers, and what a browser asks, or a person copies. */
#include "strict.h"

#include "base/limits.h"
#include "oauth/form.h"
#include "oauth/redirect.h"
#include "oauth/token.h"
#include "target.h"

#include <string.h>

/* Good for SASL, where a control separates, and for a header. */
static void
check_word(const char *text, char least, struct span input)
{
	if (text == NULL)
		return;
	strict_must(text[0] != '\0' && strlen(text) <= SECRET_MAX,
	    "a token that is none", input);
	for (; *text != '\0'; text++)
		strict_must(*text >= least && *text <= '~',
		    "a control character in a token", input);
}

static void
check_answer(struct span input)
{
	struct answer a = {0};
	struct error err;

	if (answer_read(&a, input, &err) == 0) {
		check_word(a.access_token, '!', input);
		check_word(a.refresh_token, ' ', input);
		check_word(a.device_code, ' ', input);
		check_word(a.user_code, ' ', input);
		check_word(a.verification_uri, '!', input);
		strict_must(a.expires_in >= 0 && a.interval >= 0,
		    "a time below 0", input);
	}
	answer_release(&a);
}

/* What was kept is kept once more as it was. */
static void
check_token(struct span input)
{
	struct token t = {0}, again = {0};
	struct error err;
	struct buf text, twice;

	buf_init(&text, 1 * MIB);
	buf_init(&twice, 1 * MIB);
	if (token_read(&t, input, &err) == 0) {
		token_write(&t, &text);
		strict_must(token_read(&again, buf_span(&text), &err) == 0,
		    "what was written is not read", input);
		token_write(&again, &twice);
		strict_must(strcmp(buf_text(&text), buf_text(&twice)) == 0,
		    "what was read is not what was written", input);
		token_is_good(&t, 1800000000);
	}
	token_release(&t);
	token_release(&again);
	buf_release(&text);
	buf_release(&twice);
}

static void
check_address(struct span input)
{
	struct error err = {0};
	struct buf code;
	enum redirect result;

	buf_init(&code, REDIRECT_REQUEST_MAX);
	result = redirect_read(input, span_of("S"), &code, &err);
	strict_must((result == REDIRECT_CODE) == (code.len > 0),
	    "a code that is none", input);
	strict_must(result != REDIRECT_CODE ||
			memmem(input.at, input.len, "state=", 6) != NULL,
	    "a code without its state", input);
	if (result == REDIRECT_CODE)
		check_word(buf_text(&code), ' ', input);
	strict_must((result == REDIRECT_FAILED) == (err.text[0] != '\0'),
	    "a failure without a word", input);
	buf_release(&code);
}

static void
check_request(struct span input)
{
	struct span target = redirect_target(input);

	strict_must(target.len == 0 ||
			(target.at >= input.at &&
			    target.at + target.len <= input.at + input.len),
	    "a target beyond its request", input);
	check_address(target);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span input = span((const char *)data, size);

	check_answer(input);
	check_token(input);
	check_address(input);
	check_request(input);
	return 0;
}
