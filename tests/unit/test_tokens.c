/* SPDX-License-Identifier: ISC */
/* Tokens: as they are answered, as they are kept, and on disk. */
#include "unit.h"

#include "base/limits.h"
#include "oauth/cache.h"
#include "oauth/token.h"

#include "scratch_folder.h"

#define NOW 1800000000

/* fine: it is read; access: the token in it, or NULL. */
static const struct {
	const char *json;
	bool fine;
	const char *access;
	int64_t expires_in;
} answers[] = {
    {"{}", true, NULL, 0},
    {"{\"access_token\":\"abc\",\"expires_in\":3599}", true, "abc", 3599},
    {"{\"access_token\":\"abc\",\"expires_in\":\"3599\"}", true, "abc", 3599},
    {"{\"access_token\":\"a\\u0062c\",\"x\":{\"access_token\":\"d\"}}", true,
	"abc", 0},
    {"{\"access_token\":null}", true, NULL, 0},
    {"{\"access_token\":\"abc\",\"expires_in\":null}", true, "abc", 0},
    {"{\"access_token\":\"\"}", false, NULL, 0},
    {"{\"access_token\":\"a b\"}", false, NULL, 0},
    {"{\"access_token\":\"a\\u0001\"}", false, NULL, 0},
    {"{\"access_token\":\"a\\u0000\"}", false, NULL, 0},
    {"{\"access_token\":\"\303\244\"}", false, NULL, 0},
    {"{\"access_token\":7}", false, NULL, 0},
    {"{\"access_token\":[\"abc\"]}", false, NULL, 0},
    {"{\"expires_in\":-1}", true, NULL, 0},
    {"{\"expires_in\":1.5}", true, NULL, 1},
    {"{\"expires_in\":3599.0}", true, NULL, 3599},
    {"{\"expires_in\":\"1h\"}", true, NULL, 0},
    {"{\"expires_in\":\"-1\"}", true, NULL, 0},
    {"{\"expires_in\":[3599]}", true, NULL, 0},
    {"{\"expires_in\":true}", true, NULL, 0},
    {"{\"expires_in\":4611686018427387904}", true, NULL, 0},
    {"{\"expires_in\":99999999999999999999}", true, NULL, 0},
    {"{\"expires_in\":1e308}", true, NULL, 0},
    {"{\"access_token\":\"a\",\"access_token\":\"b\"}", false, NULL, 0},
    {"{\"access_token\":\"abc\"", false, NULL, 0},
    {"{\"access_token\":\"abc\"} x", false, NULL, 0},
    {"[]", false, NULL, 0},
    {"\"abc\"", false, NULL, 0},
    {"", false, NULL, 0},
    {"\xff\xfe", false, NULL, 0},
};

static void
test_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(answers); i++) {
		struct answer a = {0};
		struct error err;
		const char *want = answers[i].access;
		bool fine =
		    answer_read(&a, span_of(answers[i].json), &err) == 0;

		if (fine != answers[i].fine ||
		    (fine && ((a.access_token != NULL) != (want != NULL) ||
				 (want && strcmp(a.access_token, want) != 0) ||
				 a.expires_in != answers[i].expires_in)))
			fail_msg("%s: %d %s", answers[i].json, (int)fine,
			    a.access_token);
		answer_release(&a);
	}
}

/* Beside one that cannot be used the others are read. */
static const char *const spoilt[] = {
    "{\"access_token\":\"a\\u0001\",\"refresh_token\":\"next\"}",
    "{\"refresh_token\":\"next\",\"access_token\":7}",
    "{\"refresh_token\":\"next\",\"token_type\":[],\"access_token\":\"b\"}",
};

static void
test_spoilt_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(spoilt); i++) {
		struct answer a = {0};
		struct error err;

		assert_int_equal(answer_read(&a, span_of(spoilt[i]), &err), -1);
		if (a.refresh_token == NULL ||
		    strcmp(a.refresh_token, "next") != 0)
			fail_msg("%s", spoilt[i]);
		answer_release(&a);
	}
}

static const struct {
	int64_t obtained, expires;
	bool good;
} lives[] = {
    {NOW, NOW + 3600, true},
    {NOW - 3299, NOW + 301, true},
    {NOW - 3300, NOW + 300, false},
    {NOW - 3600, NOW, false},
    {NOW + 1, NOW + 3601, false},
    {NOW, NOW + 10, true},
    {NOW - 8, NOW + 2, false},
    {NOW, NOW, false},
    {NOW, NOW - 5, false},
    {0, 0, false},
    {0, INT64_MAX, true},
};

static void
test_lives(void **state)
{
	char access[] = "abc";

	(void)state;
	for (size_t i = 0; i < COUNT(lives); i++) {
		struct token t = {.access_token = access,
		    .obtained = lives[i].obtained,
		    .expires = lives[i].expires};

		if (token_is_good(&t, NOW) != lives[i].good)
			fail_msg("%zu", i);
		t.access_token = NULL;
		assert_false(token_is_good(&t, NOW));
	}
}

/* What is kept of refresh tokens: which was used, what came, what is then. */
static const struct {
	const char *now, *before; /* kept until then; NULL: none */
	int used;                 /* 0: none, 1: now, 2: before */
	const char *given;
	const char *want, *want_before;
} rotations[] = {
    {NULL, NULL, 0, "new", "new", NULL},
    {"old", "older", 0, "new", "new", NULL},
    {"old", NULL, 1, NULL, "old", NULL},
    {"old", "older", 1, NULL, "old", NULL},
    {"old", NULL, 1, "new", "new", "old"},
    {"old", "older", 1, "new", "new", "old"},
    {"old", "older", 1, "old", "old", NULL},
    {"old", "older", 2, "new", "new", "older"},
    {"old", "older", 2, NULL, "older", NULL},
    {"old", "older", 2, "older", "older", NULL},
    {NULL, NULL, 0, NULL, NULL, NULL},
};

static char *
copy(const char *text)
{
	return text ? must_strdup(text) : NULL;
}

static bool
is(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void
test_rotation(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rotations); i++) {
		struct token t = {.refresh_token = copy(rotations[i].now),
		    .refresh_token_before = copy(rotations[i].before),
		    .given_up = must_strdup("why")};
		struct answer a = {.access_token = must_strdup("abc"),
		    .refresh_token = copy(rotations[i].given),
		    .expires_in = 100};
		const char *used[] = {
		    NULL, t.refresh_token, t.refresh_token_before};
		struct error err;

		assert_int_equal(
		    token_take(&t, used[rotations[i].used], &a, NOW, &err), 0);
		if (!is(t.refresh_token, rotations[i].want) ||
		    !is(t.refresh_token_before, rotations[i].want_before) ||
		    t.given_up != NULL || t.expires != NOW + 100)
			fail_msg("%zu: %s %s", i, t.refresh_token,
			    t.refresh_token_before);
		answer_release(&a);
		token_release(&t);
	}
}

static void
test_not_taken(void **state)
{
	struct answer a = {0};
	struct token t = {0};
	struct error err;

	(void)state;
	assert_int_equal(token_take(&t, NULL, &a, NOW, &err), -1);
	assert_int_equal(err.kind, ERR_TEMPORARY);
	a.access_token = must_strdup("abc");
	a.token_type = must_strdup("mac");
	assert_int_equal(token_take(&t, NULL, &a, NOW, &err), -1);
	strcpy(a.token_type, "PoP");
	assert_int_equal(token_take(&t, NULL, &a, NOW, &err), -1);
	assert_null(t.access_token);
	answer_release(&a);
}

static char id[] = "client", endpoint[] = "https://example.org/token";
static char scope[] = "mail \303\244", user[] = "alice@example.com";
static struct oauth oauth = {
    .client_id = id, .token_endpoint = endpoint, .scope = scope};
static struct relay relay = {.name = "work", .user = user, .oauth = &oauth};
static struct config config = {.own = true, .relays = &relay, .relay_count = 1};

static void
fill(struct token *t, const char *refresh)
{
	t->refresh_token = must_strdup(refresh);
	token_set_identity(t, &relay);
}

/* One writes, another reads; and what has been read by one who is overtaken is
 * not written. */
static void
test_cache(void **state)
{
	struct token t = {0}, other = {0}, found = {0};
	struct cache one, two;
	struct error err;

	(void)state;
	assert_int_equal(cache_open(&one, &config, "work", &err), 0);
	assert_int_equal(cache_open(&two, &config, "work", &err), 0);
	assert_int_equal(cache_read(&one, &found, &err), 1);
	assert_true(cache_lock(&one, 0));
	assert_false(cache_lock(&two, 100));
	fill(&t, "first");
	assert_int_equal(cache_prepare(&one, &err), 0);
	assert_int_equal(cache_commit(&one, &t, &err), 0);
	assert_int_equal(t.serial, 1);
	cache_close(&one);
	assert_true(cache_lock(&two, 0));
	assert_int_equal(cache_read(&two, &found, &err), 0);
	assert_string_equal(found.refresh_token, "first");
	assert_int_equal(found.serial, 1);

	/* One is frozen with the answer in its hand, and two goes on. */
	assert_int_equal(cache_open(&one, &config, "work", &err), 0);
	assert_int_equal(cache_prepare(&one, &err), 0);
	fill(&other, "second");
	other.serial = 1;
	assert_int_equal(cache_prepare(&two, &err), 0);
	assert_int_equal(cache_commit(&one, &t, &err), 1);
	cache_close(&one);
	assert_int_equal(cache_commit(&two, &other, &err), 0);
	token_release(&found);
	assert_int_equal(cache_read(&two, &found, &err), 0);
	assert_string_equal(found.refresh_token, "second");
	cache_close(&two);
	token_release(&t);
	token_release(&other);
	token_release(&found);
}

/* What is for another client is none, but its number counts on. */
static void
test_another_client(void **state)
{
	struct token t = {0}, found = {0};
	struct cache c;
	struct error err;
	char another[] = "another";

	(void)state;
	assert_int_equal(cache_open(&c, &config, "work", &err), 0);
	cache_read(&c, &found, &err);
	t.serial = found.serial;
	token_release(&found);
	fill(&t, "x");
	assert_int_equal(cache_prepare(&c, &err), 0);
	assert_int_equal(cache_commit(&c, &t, &err), 0);
	oauth.client_id = another;
	assert_int_equal(cache_read(&c, &found, &err), 1);
	oauth.client_id = id;
	assert_null(found.refresh_token);
	assert_int_equal(found.serial, t.serial);
	token_release(&found);
	assert_int_equal(cache_read(&c, &found, &err), 0);
	cache_close(&c);
	token_release(&t);
	token_release(&found);
}

static int
begin(void **state)
{
	int rc = folder_make(state);

	config.queue_path = folder;
	return rc;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_answers),
	    cmocka_unit_test(test_spoilt_answers),
	    cmocka_unit_test(test_lives),
	    cmocka_unit_test(test_rotation),
	    cmocka_unit_test(test_not_taken),
	    cmocka_unit_test(test_cache),
	    cmocka_unit_test(test_another_client),
	};

	return cmocka_run_group_tests(tests, begin, folder_remove);
}
