/* SPDX-License-Identifier: ISC */
/* The file pillarbox.conf: which it is, who may read it, what is none. */
#include "unit.h"

#include "base/buf.h"
#include "base/limits.h"
#include "config/config.h"

#include "scratch_folder.h"

#define SYSTEM SYSCONFDIR "/pillarbox/pillarbox.conf"

static char path[100];

static int
begin(void **state)
{
	int rc = folder_make(state);

	snprintf(path, sizeof path, "%s", folder_path("pillarbox.conf"));
	unsetenv("PILLARBOX_CONFIG");
	setenv("XDG_CONFIG_HOME", folder, 1);
	setenv("XDG_STATE_HOME", folder, 1);
	return rc;
}

static void
write_text(const char *text, mode_t mode)
{
	write_file(path, text, strlen(text), mode);
}

#define OPEN "relay o { host = h }\n"
#define SECRET "relay x { host = h user = u password = \"x\" }\n"
#define ELSEWHERE "relay y { host = h user = u password-file = \"/x\" }\n"

static const struct {
	const char *text;
	mode_t mode;
	bool fine;
} modes[] = {
    {SECRET, 0600, true},
    {SECRET, 0400, true},
    {SECRET, 0700, true},
    {SECRET, 0640, false},
    {SECRET, 0604, false},
    {SECRET, 0644, false},
    {SECRET, 0620, false},
    {SECRET, 0602, false},
    {SECRET, 0666, false},
    {OPEN SECRET, 0644, false},
    {SECRET OPEN, 0644, false},
    {OPEN SECRET, 0600, true},
    {OPEN ELSEWHERE, 0644, true},
};

static void
test_modes(void **state)
{
	char want[300];

	(void)state;
	snprintf(want, sizeof want,
	    "%s: others can read this file and it holds a password; "
	    "run: chmod 600 %s",
	    path, path);
	for (size_t i = 0; i < COUNT(modes); i++) {
		struct error err = {0};
		struct config c;
		int rc;

		write_text(modes[i].text, modes[i].mode);
		rc = config_load(&c, path, &err);
		if (rc != (modes[i].fine ? 0 : -1) ||
		    (rc != 0 && (err.kind != ERR_CONFIG ||
				    strcmp(err.text, want) != 0)))
			fail_msg("case %zu, mode %o: %s", i,
			    (unsigned)modes[i].mode, err.text);
		config_release(&c);
	}
}

static void
expect_unreadable(const char *file, const char *words)
{
	struct error err = {0};
	struct config c;

	assert_int_equal(config_load(&c, file, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_ptr_equal(strstr(err.text, file), err.text);
	if (strstr(err.text, words) == NULL)
		fail_msg("%s", err.text);
	config_release(&c);
}

static void
test_files_that_are_none(void **state)
{
	(void)state;
	expect_unreadable("/nowhere/pillarbox.conf", "no such file");
	expect_unreadable(folder, "not a plain file");
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	expect_unreadable(path, "not a plain file");
	unlink(path);
	expect_unreadable(path, "no such file");
	if (geteuid() != 0) {
		write_text("", 0000);
		expect_unreadable(path, "cannot open");
	}
}

static void
test_ceiling(void **state)
{
	struct error err = {0};
	struct config c;
	struct buf text;

	(void)state;
	buf_init(&text, CONFIG_FILE_MAX);
	buf_printf(&text, "domain = \"a.b\"%*s", CONFIG_FILE_MAX - 14, "\n");
	assert_int_equal(text.len, CONFIG_FILE_MAX);
	write_text(buf_text(&text), 0600);
	buf_release(&text);
	assert_int_equal(config_load(&c, path, &err), 0);
	assert_string_equal(c.domain, "a.b");
	config_release(&c);
	assert_int_equal(truncate(path, CONFIG_FILE_MAX + 1), 0);
	expect_unreadable(path, "larger than 1048576");
}

/* A NUL would hide what stands behind it. */
static void
test_nul(void **state)
{
	struct error err = {0};
	struct config c;

	(void)state;
	write_text("domain = \"a.b\"\n", 0600);
	assert_int_equal(truncate(path, 20), 0);
	assert_int_equal(config_load(&c, path, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_ptr_equal(strstr(err.text, path), err.text);
}

/* Whose file it is, and so which queue. */
static void
test_which_file(void **state)
{
	struct config c = {0};
	struct error err = {0};
	char other[100];

	(void)state;
	write_text("domain = \"a.b\"", 0600);
	setenv("PILLARBOX_CONFIG", path, 1);
	assert_int_equal(config_load(&c, NULL, &err), 0);
	assert_true(c.own);
	assert_string_equal(c.domain, "a.b");
	config_release(&c);
	snprintf(other, sizeof other, "%s/other.conf", folder);
	assert_int_equal(config_load(&c, other, &err), -1);
	assert_ptr_equal(strstr(err.text, other), err.text);
	unsetenv("PILLARBOX_CONFIG");
	if (access(SYSTEM, F_OK) == 0)
		skip();
	assert_int_equal(config_load(&c, NULL, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_ptr_equal(strstr(err.text, SYSTEM), err.text);
}

/* A helper may have rights that its caller has not: it asks nobody. */
static void
test_helper(void **state)
{
	struct config c = {0};
	struct error err = {0};

	(void)state;
	write_text("domain = \"a.b\" relay r { host = h user = u\n"
		   "password = 'p$a \"s\\s' proxy = \"http://u:pw@h:1\" }",
	    0600);
	assert_int_equal(config_load_helper(&c, path, &err), 0);
	assert_true(c.own);
	assert_string_equal(c.domain, "a.b");
	assert_string_equal(c.relays[0].password, "p$a \"s\\s");
	assert_string_equal(c.relays[0].proxy, "http://u:pw@h:1");
	config_release(&c);
	/* The front does not need them. */
	assert_int_equal(config_load(&c, path, &err), 0);
	assert_string_equal(c.relays[0].password, "");
	assert_string_equal(c.relays[0].proxy, "http://u:**@h:1");
	config_release(&c);
	setenv("PILLARBOX_CONFIG", path, 1);
	if (access(SYSTEM, F_OK) == 0)
		skip();
	assert_int_equal(config_load_helper(&c, NULL, &err), -1);
	unsetenv("PILLARBOX_CONFIG");
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_ptr_equal(strstr(err.text, SYSTEM), err.text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_modes),
	    cmocka_unit_test(test_files_that_are_none),
	    cmocka_unit_test(test_ceiling),
	    cmocka_unit_test(test_nul),
	    cmocka_unit_test(test_which_file),
	    cmocka_unit_test(test_helper),
	};

	return cmocka_run_group_tests(tests, begin, folder_remove);
}
