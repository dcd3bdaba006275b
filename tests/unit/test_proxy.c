/* SPDX-License-Identifier: ISC */
/* The parts of a proxy's URL. */
#include "unit.h"

#include "config/proxy.h"

#include <string.h>

/* place NULL: it is none. */
static const struct {
	const char *text, *place;
	bool user, password;
} cases[] = {
    {"socks5h://localhost:1080", "localhost:1080", false, false},
    {"socks5://127.0.0.1:1", "127.0.0.1:1", false, false},
    {"http://proxy.example.org:65535", "proxy.example.org:65535", false, false},
    {"http://[2001:db8::1]:3128", "[2001:db8::1]:3128", false, false},
    {"socks5h://u:p@a-b_c.d:9", "a-b_c.d:9", true, true},
    {"http://u@[::1]:9", "[::1]:9", true, false},
    {"http://u%40x:p%3A:%2F@h:9", "h:9", true, true},
    {.text = ""},
    {.text = "localhost:1080"},
    {.text = "socks4://h:1"},
    {.text = "https://h:1"},
    {.text = "HTTP://h:1"},
    {.text = "http://"},
    {.text = "http://h"},
    {.text = "http://h:"},
    {.text = "http://:1"},
    {.text = "http://h:0"},
    {.text = "http://h:65536"},
    {.text = "http://h:1x"},
    {.text = "http://h:1/"},
    {.text = "http://h:1:2"},
    {.text = "http://a b:1"},
    {.text = "http://[::1]"},
    {.text = "http://[::1]x:1"},
    {.text = "http://[::1:1"},
    {.text = "http://[h]:1"},
    {.text = "http://u:p@"},
    {.text = "http://u:p@x@h:1"},
    {.text = "http://u:p/x@h:1"},
    {.text = "http://u:p x@h:1"},
    {.text = "http://u:p\r\nx@h:1"},
    {.text = "http://h:1\r\n"},
    {.text = "x@http://h:1"},
};

static void
test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *text = cases[i].text;

		if (proxy_is_valid(text) != (cases[i].place != NULL))
			fail_msg("%s", text);
		if (cases[i].place == NULL)
			continue;
		assert_string_equal(proxy_place(text), cases[i].place);
		assert_int_equal(proxy_has_user(text), cases[i].user);
		assert_int_equal(proxy_has_password(text), cases[i].password);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
