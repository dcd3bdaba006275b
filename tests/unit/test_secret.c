/* SPDX-License-Identifier: ISC */
/* The password of a relay in a file: from whom it is kept, what is none. */
#include "unit.h"

#include "base/process.h"
#include "scratch_folder.h"
#include "secret_cases.h"

static char path[100];

static int
begin(void **state)
{
	int rc = folder_make(state);

	snprintf(path, sizeof path, "%s", folder_path("secret"));
	return rc;
}

static int
from_file(struct buf *to, struct error *err)
{
	struct relay relay = {.name = "work", .password_file = path};

	return secret_of(&relay, to, err);
}

#define WHOLE(text) text, sizeof(text) - 1

/* want NULL: refused. */
static const struct {
	const char *name, *in;
	size_t len;
	const char *want;
} contents[] = {
    {"plain", WHOLE("secret"), "secret"},
    {"a line", WHOLE("secret\n"), "secret"},
    {"a line, CR LF", WHOLE("secret\r\n"), "secret"},
    {"one byte", WHOLE("x"), "x"},
    {"blanks are part of it", WHOLE(" a b \t\n"), " a b \t"},
    {"8 bit", WHOLE("gr\303\274n\377\n"), "gr\303\274n\377"},
    {"empty", WHOLE(""), NULL},
    {"an empty line", WHOLE("\n"), NULL},
    {"an empty line, CR LF", WHOLE("\r\n"), NULL},
    {"two lines", WHOLE("one\ntwo\n"), NULL},
    {"two line ends", WHOLE("one\n\n"), NULL},
    {"an empty line first", WHOLE("\none"), NULL},
    {"NUL", WHOLE("a\0b"), NULL},
    {"NUL at its end", WHOLE("a\0"), NULL},
    {"NUL only", WHOLE("\0\n"), NULL},
};

static void
test_contents(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(contents); i++) {
		struct error err;
		struct buf to;
		int rc;

		write_file(path, contents[i].in, contents[i].len, 0600);
		rc = from_file(&to, &err);
		check_secret(contents[i].name, rc, &to, &err, contents[i].want);
	}
}

static void
test_in_the_configuration(void **state)
{
	struct relay relay = {.name = "work", .password = "secret"};
	struct relay none = {.name = "work", .password = ""};
	struct error err;
	struct buf to;

	(void)state;
	buf_init(&to, SECRET_MAX);
	assert_int_equal(secret_read(&relay, &to, &err), 0);
	assert_string_equal(buf_text(&to), "secret");
	buf_wipe(&to);
	assert_int_equal(secret_read(&none, &to, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	none.password = NULL;
	assert_int_equal(secret_read(&none, &to, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	buf_release(&to);
}

static const struct {
	mode_t mode;
	bool fine;
} modes[] = {
    {0600, true},
    {0400, true},
    {0700, true},
    {0604, false},
    {0602, false},
    {0601, false},
    {0610, false},
    {0620, false},
    {0644, false},
    {0660, false},
    {0666, false},
    {0777, false},
};

static void
test_modes(void **state)
{
	char advice[120];

	(void)state;
	snprintf(advice, sizeof advice, "chmod 600 %s", path);
	for (size_t i = 0; i < COUNT(modes); i++) {
		struct error err;
		struct buf to;
		int rc;

		write_file(path, WHOLE("secret\n"), modes[i].mode);
		rc = from_file(&to, &err);
		if (rc != (modes[i].fine ? 0 : -1))
			fail_msg("%o: %s", (unsigned)modes[i].mode, err.text);
		if (rc != 0) {
			assert_int_equal(err.kind, ERR_CONFIG);
			assert_non_null(strstr(err.text, path));
			assert_non_null(strstr(err.text, advice));
			assert_int_equal(to.len, 0);
		}
		buf_release(&to);
	}
}

/* root:pillarbox, 0640; but no group that is not ours. */
static void
test_group(void **state)
{
	struct error err;
	struct buf to;

	(void)state;
	if (geteuid() != 0)
		skip();
	write_file(path, WHOLE("secret\n"), 0640);
	assert_int_equal(chown(path, 0, getegid()), 0);
	assert_int_equal(from_file(&to, &err), 0);
	buf_release(&to);
	assert_int_equal(chown(path, 0, getegid() + 4321), 0);
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(from_file(&to, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	buf_release(&to);
}

/* In a user's own set-up, our group may be everybody's ("users"). */
static void
test_own_group(void **state)
{
	struct error err;
	struct buf to;

	(void)state;
	write_file(path, WHOLE("secret\n"), 0640);
	if (geteuid() == 0)
		assert_int_equal(chown(path, 4321, getegid()), 0);
	assert_int_equal(from_file(&to, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	buf_release(&to);
}

static void
test_files_that_are_none(void **state)
{
	char *bad[] = {"/nowhere/secret", folder, "/dev/null", path};

	(void)state;
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct relay relay = {.name = "work", .password_file = bad[i]};
		struct error err = {0};
		struct buf to;

		buf_init(&to, SECRET_MAX);
		if (secret_read(&relay, &to, &err) != -1 ||
		    err.kind != ERR_CONFIG || !strstr(err.text, bad[i]))
			fail_msg("%s: %d %s", bad[i], (int)err.kind, err.text);
		buf_release(&to);
	}
}

/* Up to SECRET_MAX it is taken, whole; over it, refused. */
static void
test_file_ceiling(void **state)
{
	char *bytes = malloc(SECRET_MAX + 1);
	struct error err;
	struct buf to;

	(void)state;
	memset(bytes, 'x', SECRET_MAX + 1);
	write_file(path, bytes, SECRET_MAX, 0600);
	assert_int_equal(from_file(&to, &err), 0);
	assert_int_equal(to.len, SECRET_MAX);
	buf_release(&to);
	write_file(path, bytes, SECRET_MAX + 1, 0600);
	assert_int_equal(from_file(&to, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	buf_release(&to);
	free(bytes);
}

/* Only its owner may write it, and that is root or who sends. */
static void
test_owner(void **state)
{
	struct error err;
	struct buf to;

	(void)state;
	if (geteuid() != 0)
		skip();
	write_file(path, WHOLE("secret\n"), 0600);
	assert_int_equal(chown(path, 4321, 0), 0);
	assert_int_equal(from_file(&to, &err), -1);
	assert_non_null(strstr(err.text, "belongs to another user"));
	buf_release(&to);
}

static void
test_netrc(void **state)
{
	char host[] = "relay", *hosts[] = {host, NULL}, user[] = "alice";
	struct relay relay = {
	    .name = "work", .netrc_file = path, .hosts = hosts, .user = user};
	static const char text[] =
	    "machine relay\nlogin alice\npassword secret\n";
	struct error err;
	struct buf to;
	int rc;

	(void)state;
	write_file(path, WHOLE(text), 0600);
	rc = secret_of(&relay, &to, &err);
	check_secret("netrc", rc, &to, &err, "secret");
	user[0] = 'A';
	rc = secret_of(&relay, &to, &err);
	check_secret("another login", rc, &to, &err, NULL);
	user[0] = 'a';
	/* The host of srv is not known yet; the domain is. */
	relay.srv = host;
	relay.hosts = NULL;
	rc = secret_of(&relay, &to, &err);
	check_secret("netrc with srv", rc, &to, &err, "secret");
	write_file(path, WHOLE(text), 0644);
	rc = secret_of(&relay, &to, &err);
	assert_non_null(strstr(err.text, "others can read it"));
	check_secret("shown", rc, &to, &err, NULL);
}

static void
test_netrc_ceiling(void **state)
{
	char host[] = "relay", *hosts[] = {host, NULL};
	struct relay relay = {
	    .name = "work", .netrc_file = path, .hosts = hosts, .user = host};
	char *bytes = malloc(NETRC_FILE_MAX + 1);
	struct error err;
	struct buf to;

	(void)state;
	memset(bytes, '\n', NETRC_FILE_MAX + 1);
	memcpy(bytes, WHOLE("machine relay password x"));
	write_file(path, bytes, NETRC_FILE_MAX, 0600);
	assert_int_equal(secret_of(&relay, &to, &err), 0);
	buf_release(&to);
	write_file(path, bytes, NETRC_FILE_MAX + 1, 0600);
	check_secret("too long", secret_of(&relay, &to, &err), &to, &err, NULL);
	free(bytes);
}

/* Rights as systemd gives them: an access list shows as those of the group. */
static void
test_credential(void **state)
{
	struct relay relay = {.name = "work", .password_credential = "secret"};
	struct error err;
	struct buf to;
	int rc;

	(void)state;
	rc = secret_of(&relay, &to, &err);
	assert_non_null(strstr(err.text, "LoadCredential="));
	check_secret("no folder", rc, &to, &err, NULL);
	setenv("CREDENTIALS_DIRECTORY", folder, 1);
	assert_int_equal(process_become_caller(&err), 0);
	unsetenv("CREDENTIALS_DIRECTORY");
	write_file(path, WHOLE("secret\n"), 0440);
	rc = secret_of(&relay, &to, &err);
	check_secret("credential", rc, &to, &err, "secret");
	write_file(path, WHOLE("secret\n"), 0444);
	rc = secret_of(&relay, &to, &err);
	check_secret("shown", rc, &to, &err, NULL);
	unlink(path);
	rc = secret_of(&relay, &to, &err);
	assert_non_null(strstr(err.text, "password-credential"));
	check_secret("missing", rc, &to, &err, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_contents),
	    cmocka_unit_test(test_in_the_configuration),
	    cmocka_unit_test(test_modes),
	    cmocka_unit_test(test_group),
	    cmocka_unit_test(test_own_group),
	    cmocka_unit_test(test_files_that_are_none),
	    cmocka_unit_test(test_file_ceiling),
	    cmocka_unit_test(test_owner),
	    cmocka_unit_test(test_netrc),
	    cmocka_unit_test(test_netrc_ceiling),
	    cmocka_unit_test(test_credential),
	};

	return cmocka_run_group_tests(tests, begin, folder_remove);
}
