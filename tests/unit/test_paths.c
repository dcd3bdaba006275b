/* SPDX-License-Identifier: ISC */
/* Where things are, whatever the environment says; and who is asking. */
#include "unit.h"

#include "config/paths.h"

#include "scratch_folder.h"

#include <pwd.h>
#include <sys/wait.h>

/* NULL: not set. "$": our folder. */
static const struct {
	const char *name, *given, *variable, *xdg, *want;
	bool own;
} configs[] = {
    {"-C", "/a/b.conf", "/c.conf", "$", "/a/b.conf", true},
    {"-C, relative", "b.conf", "/c.conf", "$", "b.conf", true},
    {"variable", NULL, "/c.conf", "$", "/c.conf", true},
    {"variable, relative", NULL, "c.conf", "$", "c.conf", true},
    {"variable, empty", NULL, "", "$", "$/pillarbox/pillarbox.conf", true},
    {"own", NULL, NULL, "$", "$/pillarbox/pillarbox.conf", true},
    {"no own", NULL, NULL, "/nowhere", SYSCONFDIR "/pillarbox/pillarbox.conf",
	false},
};

static void
set(const char *variable, const char *value)
{
	if (value == NULL)
		unsetenv(variable);
	else
		setenv(variable, strcmp(value, "$") ? value : folder, 1);
}

static void
test_config(void **state)
{
	(void)state;
	mkdir(folder_path("pillarbox"), 0700);
	write_file(folder_path("pillarbox/pillarbox.conf"), "", 0, 0600);
	for (size_t i = 0; i < COUNT(configs); i++) {
		const char *want = configs[i].want;
		bool own = !configs[i].own;
		char *got;

		if (want[0] == '$')
			want = folder_path(want + 2);
		set("PILLARBOX_CONFIG", configs[i].variable);
		set("XDG_CONFIG_HOME", configs[i].xdg);
		got = paths_config(configs[i].given, &own);
		if (strcmp(got, want) != 0 || own != configs[i].own)
			fail_msg("%s: %s, own %d", configs[i].name, got, own);
		free(got);
	}
	unsetenv("PILLARBOX_CONFIG");
	unsetenv("XDG_CONFIG_HOME");
}

/* The home of the passwd database: $HOME is anybody's to set. */
static void
test_home(void **state)
{
	static const char *const variables[] = {NULL, "", "relative/folder"};
	const struct passwd *user = getpwuid(getuid());
	char want[500];

	(void)state;
	if (user == NULL || user->pw_dir[0] != '/')
		skip();
	setenv("HOME", "/tmp/somebody", 1);
	snprintf(want, sizeof want, "%s/.local/state/pillarbox", user->pw_dir);
	for (size_t i = 0; i < COUNT(variables); i++) {
		char *got;

		set("XDG_STATE_HOME", variables[i]);
		got = paths_user_queue();
		assert_non_null(got);
		assert_string_equal(got, want);
		free(got);
	}
	snprintf(want, sizeof want, "%s/.config/pillarbox/pillarbox.conf",
	    user->pw_dir);
	for (size_t i = 0; i < COUNT(variables); i++) {
		bool own;
		char *got;

		set("XDG_CONFIG_HOME", variables[i]);
		got = paths_config(NULL, &own);
		if (own)
			assert_string_equal(got, want);
		else
			assert_string_equal(got, paths_system_config());
		assert_int_equal(own, access(want, F_OK) == 0);
		free(got);
	}
	unsetenv("XDG_STATE_HOME");
	unsetenv("XDG_CONFIG_HOME");
}

static void
test_user_queue(void **state)
{
	char *got;

	(void)state;
	set("XDG_STATE_HOME", "$");
	got = paths_user_queue();
	assert_string_equal(got, folder_path("pillarbox"));
	free(got);
	unsetenv("XDG_STATE_HOME");
}

static void
test_system(void **state)
{
	(void)state;
	assert_string_equal(
	    paths_system_config(), SYSCONFDIR "/pillarbox/pillarbox.conf");
	assert_string_equal(
	    paths_system_queue(), LOCALSTATEDIR "/spool/pillarbox");
}

static const struct {
	const char *variable, *want;
} helpers[] = {
    {NULL, PKGLIBEXECDIR "/pillarbox-queue"},
    {"", PKGLIBEXECDIR "/pillarbox-queue"},
    {"build", PKGLIBEXECDIR "/pillarbox-queue"},
    {"/build", "/build/pillarbox-queue"},
};

static void
test_helper(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(helpers); i++) {
		char *got;

		set("PILLARBOX_LIBEXEC", helpers[i].variable);
		got = paths_helper("pillarbox-queue");
		assert_string_equal(got, helpers[i].want);
		free(got);
	}
	unsetenv("PILLARBOX_LIBEXEC");
}

static void
test_caller(void **state)
{
	const struct passwd *user = getpwuid(getuid());
	struct caller c;

	(void)state;
	setenv("LOGNAME", "somebody", 1);
	setenv("USER", "somebody", 1);
	paths_caller(&c);
	assert_non_null(c.full_name);
	if (user != NULL)
		assert_string_equal(c.login, getpwuid(getuid())->pw_name);
	assert_null(strpbrk(c.full_name, ",&"));
	paths_caller_release(&c);
	assert_null(c.login);
	paths_caller_release(&c);
}

/* 0 when all is as it should be for a uid that nobody has. */
static int
be_nobody_known(void)
{
	struct caller c;
	char *path;
	int rc;

	if (setresuid(987654, 987654, 987654) != 0)
		return 9;
	paths_caller(&c);
	if (strcmp(c.login, "uid987654") != 0 || c.full_name[0] != '\0')
		return 1;
	paths_caller_release(&c);
	unsetenv("XDG_STATE_HOME");
	if (paths_user_queue() != NULL)
		return 2;
	setenv("XDG_STATE_HOME", "/state", 1);
	path = paths_user_queue();
	rc = strcmp(path, "/state/pillarbox") ? 3 : 0;
	free(path);
	return rc;
}

static void
test_caller_without_a_name(void **state)
{
	int status = 0;
	pid_t pid;

	(void)state;
	if (geteuid() != 0 || getpwuid(987654) != NULL)
		skip();
	pid = fork();
	if (pid == 0)
		_exit(be_nobody_known());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* A name, whole, whatever room there is. */
static void
test_host_name(void **state)
{
	char name[256], small[2];

	(void)state;
	paths_host_name(name, sizeof name);
	assert_true(strlen(name) > 0);
	assert_null(strpbrk(name, " \t\r\n@"));
	memset(small, 'x', sizeof small);
	paths_host_name(small, sizeof small);
	assert_int_equal(small[1], '\0');
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_config),
	    cmocka_unit_test(test_home),
	    cmocka_unit_test(test_user_queue),
	    cmocka_unit_test(test_system),
	    cmocka_unit_test(test_helper),
	    cmocka_unit_test(test_caller),
	    cmocka_unit_test(test_caller_without_a_name),
	    cmocka_unit_test(test_host_name),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
