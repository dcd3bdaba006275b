/* SPDX-License-Identifier: ISC */
/* Forms, proofs, and the address that a browser ends at. */
#include "unit.h"

#include "base/limits.h"
#include "oauth/form.h"
#include "oauth/pkce.h"
#include "oauth/redirect.h"

static void
test_form_add(void **state)
{
	struct buf form;

	(void)state;
	buf_init(&form, 200);
	form_add(&form, "a", "x y&=%+/\xc3\xa4~");
	form_add(&form, "b", "");
	assert_string_equal(
	    buf_text(&form), "a=x%20y%26%3D%25%2B%2F%C3%A4~&b=");
	buf_release(&form);
}

/* want NULL: not found. */
static const struct {
	const char *form, *name, *want;
} forms[] = {
    {"code=abc", "code", "abc"},
    {"a=1&code=abc&b=2", "code", "abc"},
    {"code=a%20b+c%2f", "code", "a b c/"},
    {"code=", "code", ""},
    {"code", "code", ""},
    {"xcode=abc", "code", NULL},
    {"code=a&code=b", "code", NULL},
    {"code=%", "code", NULL},
    {"code=%4", "code", NULL},
    {"code=%4g", "code", NULL},
    {"code=%00", "code", NULL},
    {"code=%0a", "code", NULL},
    {"code=%c3%a4", "code", NULL},
    {"code=\x7f", "code", NULL},
    {"", "code", NULL},
    {"&&=&", "code", NULL},
    {"code=a=b", "code", "a=b"},
};

static void
test_form_find(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(forms); i++) {
		struct buf to;
		bool found;

		buf_init(&to, 100);
		found = form_find(span_of(forms[i].form), forms[i].name, &to);
		if (found != (forms[i].want != NULL) ||
		    (found && strcmp(buf_text(&to), forms[i].want) != 0))
			fail_msg("%s: %d %s", forms[i].form, (int)found,
			    buf_text(&to));
		buf_release(&to);
	}
}

static void
test_form_ceiling(void **state)
{
	struct buf to;

	(void)state;
	buf_init(&to, 3);
	assert_false(form_find(span_of("code=abcd"), "code", &to));
	buf_release(&to);
}

/* RFC 7636, appendix B. */
static void
test_challenge(void **state)
{
	struct buf to;

	(void)state;
	buf_init(&to, 100);
	pkce_challenge(
	    span_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), &to);
	assert_string_equal(
	    buf_text(&to), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
	buf_release(&to);
}

static void
test_random(void **state)
{
	struct buf a, b;
	struct error err;

	(void)state;
	buf_init(&a, 100);
	buf_init(&b, 100);
	for (int i = 0; i < 200; i++) {
		buf_clear(&a);
		buf_clear(&b);
		assert_int_equal(pkce_random(&a, &err), 0);
		assert_int_equal(pkce_random(&b, &err), 0);
		assert_int_equal(a.len, 43);
		assert_int_equal(strspn(buf_text(&a),
				     "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklm"
				     "nopqrstuvwxyz0123456789-_"),
		    43);
		assert_false(pkce_same(buf_span(&a), buf_span(&b)));
		assert_true(pkce_same(buf_span(&a), buf_span(&a)));
	}
	assert_false(pkce_same(buf_span(&a), span(a.at, 42)));
	buf_release(&a);
	buf_release(&b);
}

static const struct {
	const char *address;
	enum redirect result;
	const char *has; /* the code, or in the error */
} addresses[] = {
    {"http://127.0.0.1:1/?code=abc&state=S", REDIRECT_CODE, "abc"},
    {"/?state=S&code=4%2F0a", REDIRECT_CODE, "4/0a"},
    {"https://example.org/a?code=abc&state=S#code=x", REDIRECT_CODE, "abc"},
    {"?code=abc&state=S", REDIRECT_CODE, "abc"},
    {"/?code=abc&state=T", REDIRECT_OTHER, ""},
    {"/?code=abc&state=SS", REDIRECT_OTHER, ""},
    {"/?code=abc&state=", REDIRECT_OTHER, ""},
    {"/?code=abc", REDIRECT_OTHER, ""},
    {"/?code=abc&state=S&state=S", REDIRECT_OTHER, ""},
    {"/?code=a&code=b&state=S", REDIRECT_OTHER, ""},
    {"/?code=&state=S", REDIRECT_OTHER, ""},
    {"/?state=S", REDIRECT_OTHER, ""},
    {"/", REDIRECT_OTHER, ""},
    {"/?", REDIRECT_OTHER, ""},
    {"", REDIRECT_OTHER, ""},
    {"code=abc&state=S", REDIRECT_OTHER, ""},
    {"/#?code=abc&state=S", REDIRECT_CODE, "abc"},
    {"/?error=access_denied&state=S", REDIRECT_FAILED, "access_denied"},
    {"/?error=a&error_description=b+c&state=S", REDIRECT_FAILED, "a: b c"},
    {"/?error=access_denied&state=T", REDIRECT_OTHER, ""},
};

static void
test_addresses(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(addresses); i++) {
		struct error err = {0};
		enum redirect result;
		struct buf code;

		buf_init(&code, 100);
		result = redirect_read(
		    span_of(addresses[i].address), span_of("S"), &code, &err);
		if (result != addresses[i].result ||
		    (result == REDIRECT_CODE &&
			strcmp(buf_text(&code), addresses[i].has) != 0) ||
		    (result == REDIRECT_FAILED &&
			(err.kind != ERR_PERMISSION ||
			    strstr(err.text, addresses[i].has) == NULL)) ||
		    (result != REDIRECT_CODE && code.len != 0))
			fail_msg("%s: %d \"%s\" %s", addresses[i].address,
			    (int)result, buf_text(&code), err.text);
		buf_release(&code);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_form_add),
	    cmocka_unit_test(test_form_find),
	    cmocka_unit_test(test_form_ceiling),
	    cmocka_unit_test(test_challenge),
	    cmocka_unit_test(test_random),
	    cmocka_unit_test(test_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
