/* SPDX-License-Identifier: ISC */
/* Which relay takes which sender. */
#include "unit.h"

#include "config/config.h"

#include <string.h>

static char *nothing[] = {NULL};
static char *alice[] = {"alice@example.org", "a2@example.org", NULL};
static char *anybody[] = {"*@example.org", "*@Sub.Example.net", NULL};
static char *odd[] = {
    "*", "bob", "*@*.example.com", "\"q q\"@example.com", NULL};

static char *plus[] = {"alice+*@example.com", "x*@example.com", NULL};

static struct relay all[] = {
    {.name = "home", .senders = nothing},
    {.name = "alice", .senders = alice},
    {.name = "org", .senders = anybody},
    {.name = "odd", .senders = odd},
    {.name = "plus", .senders = plus},
};

static const struct {
	const char *sender, *name, *standard, *want;
	size_t first, count; /* which of the relays there are */
} cases[] = {
    /* by sender, the first that matches, without regard to case */
    {"alice@example.org", NULL, NULL, "alice", 0, 4},
    {"ALICE@Example.ORG", NULL, NULL, "alice", 0, 4},
    {"a2@example.org", NULL, NULL, "alice", 0, 4},
    {"bob@example.org", NULL, NULL, "org", 0, 4},
    {"bob@EXAMPLE.org", NULL, NULL, "org", 0, 4},
    {"x@sub.example.net", NULL, NULL, "org", 0, 4},
    {"alice@example.org", NULL, NULL, "org", 2, 2},
    {"\"q q\"@example.com", NULL, NULL, "odd", 0, 4},
    {"\"x@y\"@example.org", NULL, NULL, "org", 0, 4},
    {"alice@example.org", NULL, "home", "alice", 0, 4},
    /* what does not match */
    {"bob@example.org.evil.example", NULL, "home", "home", 0, 4},
    {"bob@notexample.org", NULL, "home", "home", 0, 4},
    {"bob@a.example.org", NULL, "home", "home", 0, 4},
    {"xalice@example.com", NULL, "home", "home", 0, 4},
    {"bob@a.example.com", NULL, "home", "home", 0, 4},
    {"example.org", NULL, "home", "home", 0, 4},
    {"@example.net", NULL, "home", "home", 0, 4},
    {"", NULL, "home", "home", 0, 4},
    {"x@y", NULL, NULL, NULL, 0, 4},
    {"", NULL, NULL, NULL, 0, 4},
    /* what follows a plus */
    {"alice+x@example.com", NULL, "home", "plus", 0, 5},
    {"Alice+x+y@Example.com", NULL, "home", "plus", 0, 5},
    {"alice+@example.com", NULL, "home", "plus", 0, 5},
    {"alice@example.com", NULL, "home", "home", 0, 5},
    {"malice+x@example.com", NULL, "home", "home", 0, 5},
    {"alice+x@example.com.evil.example", NULL, "home", "home", 0, 5},
    {"alice+x@example.org", NULL, "home", "org", 0, 5},
    {"alice+", NULL, "home", "home", 0, 5},
    {"xy@example.com", NULL, "home", "home", 0, 5},
    {"", NULL, "home", "home", 0, 5},
    /* by name, whatever the sender is */
    {"alice@example.org", "home", NULL, "home", 0, 4},
    {"alice@example.org", "odd", "home", "odd", 0, 4},
    {"", "alice", NULL, "alice", 0, 4},
    {"alice@example.org", "Home", NULL, NULL, 0, 4},
    {"alice@example.org", "", "home", NULL, 0, 4},
    {"alice@example.org", "nowhere", "home", NULL, 0, 4},
    {"x@y", NULL, "nowhere", NULL, 0, 4},
    /* the only one needs no name */
    {"x@y", NULL, NULL, "home", 0, 1},
    {"", NULL, NULL, "home", 0, 1},
    {"x@y", NULL, NULL, "alice", 1, 1},
    {"x@y", "nowhere", NULL, NULL, 0, 1},
    /* none at all */
    {"x@y", NULL, NULL, NULL, 0, 0},
    {"x@y", "home", NULL, NULL, 0, 0},
};

static void
test_route(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char standard[16] = "";
		struct config c = {.path = "/etc/x.conf",
		    .relays = all + cases[i].first,
		    .relay_count = cases[i].count};
		struct error err = {0};
		const struct relay *got;
		const char *want = cases[i].want ? cases[i].want : "none";

		if (cases[i].standard != NULL) {
			strcpy(standard, cases[i].standard);
			c.default_relay = standard;
		}
		got = config_route(&c, cases[i].sender, cases[i].name, &err);
		if (strcmp(got ? got->name : "none", want) != 0)
			fail_msg("case %zu, <%s>: %s, not %s", i,
			    cases[i].sender, got ? got->name : "none", want);
		if (got == NULL && err.kind != ERR_CONFIG)
			fail_msg("case %zu, <%s>: kind %d", i, cases[i].sender,
			    (int)err.kind);
	}
}

static const struct {
	const char *sender, *name;
	size_t count;
	const char *want;
} errors[] = {
    {"x@y", "hoem", 4,
	"/etc/x.conf: no relay \"hoem\"; did you mean \"home\"?"},
    {"x@y", "frobnicate", 4, "/etc/x.conf: no relay \"frobnicate\""},
    {"x@y", "home", 0, "/etc/x.conf: no relay \"home\""},
    {"x@y", NULL, 0,
	"/etc/x.conf: no relay; add one: relay \"NAME\" { host = \"...\" }"},
    {"x@y", NULL, 4,
	"/etc/x.conf: no relay takes the sender <x@y>; add it to the "
	"\"senders\" of one, or set default-relay"},
};

static void
test_errors(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(errors); i++) {
		struct config c = {.path = "/etc/x.conf",
		    .relays = all,
		    .relay_count = errors[i].count};
		struct error err = {0};

		assert_null(
		    config_route(&c, errors[i].sender, errors[i].name, &err));
		assert_int_equal(err.kind, ERR_CONFIG);
		assert_string_equal(err.text, errors[i].want);
	}
}

static void
test_relay(void **state)
{
	struct config c = {.relays = all, .relay_count = 3};

	(void)state;
	assert_ptr_equal(config_relay(&c, "home"), &all[0]);
	assert_ptr_equal(config_relay(&c, "org"), &all[2]);
	assert_null(config_relay(&c, "odd"));
	assert_null(config_relay(&c, "ORG"));
	assert_null(config_relay(&c, "or"));
	assert_null(config_relay(&c, ""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_route),
	    cmocka_unit_test(test_errors),
	    cmocka_unit_test(test_relay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
