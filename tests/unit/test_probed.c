/* SPDX-License-Identifier: ISC */
/* What delivery tells of a relay, shown. */
#include "unit.h"

#include "cli/probed.h"

#include <stdlib.h>
#include <string.h>

static const char *const told[][2] = {
    {"issuer", "of nothing"},
    {"relay", "work"},
    {"frobnicated", "1"},
    {"away", "cannot connect"},
    {"port", "587"},
    {"round-trip-us", "1500"},
    {"dane", "_465._tcp.x IN TLSA 3 1 1 00 proves it"},
    {"certificate", "CN=a \"b\""},
    {"until", "0"},
    {"pin", "sha256//x"},
    {"certificate", ""},
    {"offers", "AUTH PLAIN"},
    {"offers", "X\xff"},
    {"problem", ""},
    {"code", "69"},
};

static char *shown;
static size_t length;

static void
assert_shown(FILE *to, const char *want)
{
	fclose(to);
	assert_string_equal(shown, want);
	free(shown);
}

static void
test_json(void **state)
{
	FILE *to = open_memstream(&shown, &length);
	struct probed_json *p = probed_json_begin(to);

	(void)state;
	for (size_t i = 0; i < COUNT(told); i++)
		probed_json(p, told[i][0], told[i][1]);
	probed_json(p, "end", "");
	/* Not told to its end. */
	probed_json(p, "relay", "other");
	probed_json_end(p);
	assert_shown(to,
	    "{\"relay\":\"work\",\"away\":[\"cannot connect\"],\"port\":587,"
	    "\"round_trip_us\":1500,"
	    "\"dane\":\"_465._tcp.x IN TLSA 3 1 1 00 proves it\","
	    "\"certificates\":[{\"subject\":"
	    "\"CN=a \\\"b\\\"\",\"until\":0,\"pin\":\"sha256//x\"},"
	    "{\"subject\":\"\"}],\"offers\":[\"AUTH PLAIN\",\"(not UTF-8)\"],"
	    "\"problem\":\"\",\"code\":69}\n");
}

static void
test_text(void **state)
{
	FILE *to = open_memstream(&shown, &length);

	(void)state;
	for (size_t i = 0; i < COUNT(told); i++)
		probed_text(told[i][0], told[i][1], to);
	assert_shown(to,
	    "    issuer     of nothing\n"
	    "relay \"work\"\n"
	    "  not there    cannot connect\n"
	    "  port         587\n"
	    "  round trip   1.5 ms\n"
	    "  DANE         _465._tcp.x IN TLSA 3 1 1 00 proves it\n"
	    "  certificate  CN=a \"b\"\n"
	    "    until      1970-01-01T00:00:00Z, over\n"
	    "    tls-pin = {\"sha256//x\"}\n"
	    "  certificate  \n"
	    "  offers       AUTH PLAIN\n"
	    "  offers       X\xff\n"
	    "  PROBLEM      \n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_json),
	    cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
