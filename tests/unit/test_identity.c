/* SPDX-License-Identifier: ISC */
/* What one sender becomes at a relay. */
#include "unit.h"

#include "message/identity.h"
#include "message/pattern.h"

#include <stdlib.h>
#include <string.h>

#define K IDENTITY_KEEP
#define Q IDENTITY_QUALIFY
#define F IDENTITY_FORCE
#define US "alerts@example.com"

static char *senders[] = {
    "alice@example.com", "bob+*@example.com", "*@team.example", "*@web1", NULL};
static char *masks[] = {"gw.lab.example=gw.lab.example",
    "*.lab.example=example.com", "lab.example=example.com", "web2=team.example",
    NULL};

static const struct {
	enum identity_mode mode;
	const char *sender;
	enum identity_change change;
	const char *becomes;
} cases[] = {
    {K, "root", IDENTITY_SAME, NULL},
    {K, "root@web1", IDENTITY_SAME, NULL},
    {K, "", IDENTITY_SAME, NULL},
    {K, "x@other.example", IDENTITY_SAME, NULL},
    {K, "x@a.lab.example", IDENTITY_MASQUERADED, "x@example.com"},
    {K, "x@A.B.LAB.Example", IDENTITY_MASQUERADED, "x@example.com"},
    {K, "x@lab.example", IDENTITY_MASQUERADED, "x@example.com"},
    {K, "x@gw.lab.example", IDENTITY_SAME, NULL},
    {K, "x@notlab.example", IDENTITY_SAME, NULL},
    {K, "x@lab.example.org", IDENTITY_SAME, NULL},
    {K, "\"a b\"@a.lab.example", IDENTITY_MASQUERADED, "\"a b\"@example.com"},
    {K, "\"a@b\"@a.lab.example", IDENTITY_MASQUERADED, "\"a@b\"@example.com"},

    {Q, "root", IDENTITY_LOCAL, US},
    {Q, "root@web1", IDENTITY_LOCAL, US},
    {Q, "root@web9", IDENTITY_LOCAL, US},
    {Q, "root@localhost", IDENTITY_LOCAL, US},
    {Q, "root@LOCALHOST.LocalDomain", IDENTITY_LOCAL, US},
    {Q, "root@web1.localdomain", IDENTITY_LOCAL, US},
    {Q, "root@x.localhost", IDENTITY_LOCAL, US},
    {Q, "root@web1.example.org", IDENTITY_LOCAL, US},
    {Q, "root@WEB1.example.org", IDENTITY_LOCAL, US},
    {Q, "root@machine.example.net", IDENTITY_LOCAL, US},
    {Q, "x@other.example", IDENTITY_SAME, NULL},
    {Q, "x@a.web1.example.org", IDENTITY_SAME, NULL},
    {Q, "x@[192.0.2.1]", IDENTITY_SAME, NULL},
    {Q, "x@localhost.example.org", IDENTITY_SAME, NULL},
    {Q, "x@example.com", IDENTITY_SAME, NULL},
    {Q, US, IDENTITY_SAME, NULL},
    {Q, "", IDENTITY_SAME, NULL},
    {Q, "x@web2", IDENTITY_MASQUERADED, "x@team.example"},
    {Q, "x@a.lab.example", IDENTITY_MASQUERADED, "x@example.com"},

    {F, "root", IDENTITY_LOCAL, US},
    {F, "root@web1", IDENTITY_LOCAL, US},
    {F, "root@web1.example.org", IDENTITY_LOCAL, US},
    {F, "x@other.example", IDENTITY_FORCED, US},
    {F, "x@example.com", IDENTITY_FORCED, US},
    {F, "x@[192.0.2.1]", IDENTITY_FORCED, US},
    {F, "", IDENTITY_FORCED, US},
    {F, US, IDENTITY_SAME, NULL},
    {F, "Alerts@Example.COM", IDENTITY_SAME, NULL},
    {F, "Alice@example.com", IDENTITY_SAME, NULL},
    {F, "malice@example.com", IDENTITY_FORCED, US},
    {F, "bob+x@example.com", IDENTITY_SAME, NULL},
    {F, "bob@example.com", IDENTITY_FORCED, US},
    {F, "any@team.example", IDENTITY_SAME, NULL},
    {F, "any@sub.team.example", IDENTITY_FORCED, US},
    {F, "any@web2", IDENTITY_MASQUERADED, "any@team.example"},
    {F, "alice@a.lab.example", IDENTITY_MASQUERADED, "alice@example.com"},
    {F, "eve@a.lab.example", IDENTITY_FORCED, US},
};

static void
check(const struct identity *id, const char *sender,
    enum identity_change change, const char *want)
{
	char *becomes;
	enum identity_change got = identity_of(id, sender, &becomes);

	if (got != change || (becomes == NULL) != (want == NULL) ||
	    (want != NULL && strcmp(becomes, want) != 0))
		fail_msg("mode %d, <%s>: %d <%s>", (int)id->mode, sender,
		    (int)got, becomes != NULL ? becomes : "NULL");
	free(becomes);
}

static char *own_names[] = {"web1.example.org", "machine.example.net", NULL};

static void
test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct identity id = {.mode = cases[i].mode,
		    .from = cases[i].mode == K ? NULL : US,
		    .senders = senders,
		    .masquerade = masks,
		    .own_names = own_names};

		check(&id, cases[i].sender, cases[i].change, cases[i].becomes);
	}
}

/* A host that is called as its mail is. */
static void
test_host_of_the_domain(void **state)
{
	static char *all[] = {"*@example.net", NULL}, *none[] = {NULL};
	static char *names[] = {"example.com", "example.net", NULL};
	struct identity id = {.mode = Q,
	    .from = US,
	    .senders = none,
	    .masquerade = none,
	    .own_names = names};

	(void)state;
	check(&id, "x@example.com", IDENTITY_SAME, NULL);
	check(&id, "x@example.net", IDENTITY_LOCAL, US);
	id.senders = all;
	check(&id, "x@example.net", IDENTITY_SAME, NULL);
	id.mode = F;
	check(&id, "x@example.net", IDENTITY_SAME, NULL);
	check(&id, "x@example.com", IDENTITY_FORCED, US);
}

static void
test_idle(void **state)
{
	static char *none[] = {NULL};
	struct identity id = {.mode = K, .masquerade = none};

	(void)state;
	assert_true(identity_is_idle(&id));
	id.masquerade = masks;
	assert_false(identity_is_idle(&id));
	id.masquerade = none;
	id.mode = Q;
	assert_false(identity_is_idle(&id));
}

static void
test_sender_is_said(void **state)
{
	static char *none[] = {NULL};
	const struct identity id = {.mode = F,
	    .from = US,
	    .senders = none,
	    .masquerade = none,
	    .own_names = none};
	struct mends log;
	char *becomes;

	(void)state;
	mends_init(&log);
	assert_null(identity_sender(&id, US, &log));
	assert_int_equal(log.lines.len, 0);
	becomes = identity_sender(&id, "root@h", &log);
	assert_string_equal(becomes, US);
	assert_string_equal(buf_text(&log.lines),
	    "envelope: <root@h> becomes <" US
	    ">: it is an address of this host\n");
	free(becomes);
	mends_release(&log);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_host_of_the_domain),
	    cmocka_unit_test(test_idle),
	    cmocka_unit_test(test_sender_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
