/* SPDX-License-Identifier: ISC */
/* The aliases file: what is read, and what is said of what is wrong. */
#include "unit.h"

#include "alias/aliases.h"
#include "alias_cases.h"
#include "base/buf.h"
#include "base/limits.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
show_target(struct buf *to, const struct alias_target *t)
{
	static const char *const marks[] = {
	    [TARGET_ADDRESS] = "",
	    [TARGET_NAME] = "\\",
	    [TARGET_LIST] = "list ",
	    [TARGET_NOTHING] = "nothing",
	    [TARGET_WRONG] = "!",
	};

	buf_printf(
	    to, " %s%s@%d", marks[t->kind], t->text ? t->text : "", t->line);
}

/* Each alias in a line, and then what is no alias. */
static void
show(struct buf *to, const struct aliases *a)
{
	for (size_t i = 0; i < a->count; i++) {
		const struct alias *one = &a->at[i];

		buf_printf(to, "%s %d%s%s:", one->name, one->line,
		    one->wrong ? " !" : "", one->wrong ? one->wrong : "");
		for (size_t k = 0; k < one->to.count; k++)
			show_target(to, &one->to.at[k]);
		buf_add_byte(to, '\n');
	}
	if (a->wrong != NULL)
		buf_printf(to, "? %s\n", a->wrong);
}

static void
test_files(void **state)
{
	size_t failed = 0;

	(void)state;
	assert_true(COUNT(cases) >= 60);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct aliases a = {0};
		struct buf got;

		buf_init(&got, MIB);
		aliases_parse(&a, "f", span_of(cases[i].text));
		show(&got, &a);
		if (strcmp(buf_text(&got), cases[i].want) != 0) {
			print_error("%s\nis  %swant %s\n", cases[i].text,
			    buf_text(&got), cases[i].want);
			failed++;
		}
		buf_release(&got);
		aliases_release(&a);
	}
	assert_int_equal(failed, 0);
}

static void
test_what_is_found(void **state)
{
	struct aliases a = {0};

	(void)state;
	aliases_parse(&a, "f",
	    span_of("b: 1\nA: 2\n\"c d\": 3\ne: 5\ne: 6\ndefault: 4\n"));
	assert_int_equal(aliases_find(&a, span_of("a"))->line, 2);
	assert_int_equal(aliases_find(&a, span_of("B"))->line, 1);
	assert_int_equal(aliases_find(&a, span_of("\"C D\""))->line, 3);
	assert_int_equal(aliases_find(&a, span_of("e"))->line, 4);
	assert_null(aliases_find(&a, span_of("c")));
	assert_null(aliases_find(&a, span_of("")));
	assert_null(aliases_find(&a, span_of("default")));
	assert_int_equal(aliases_catch_all(&a)->line, 6);
	aliases_release(&a);
	assert_null(aliases_find(&a, span_of("a")));
	assert_null(aliases_catch_all(&a));
}

static void
test_ceilings(void **state)
{
	struct aliases a = {0};
	struct buf text;

	(void)state;
	buf_init(&text, 4 * MIB);
	for (int i = 0; i <= ALIAS_COUNT_MAX; i++)
		buf_printf(&text, "a%d: b\n", i);
	aliases_parse(&a, "f", buf_span(&text));
	assert_int_equal(a.count, ALIAS_COUNT_MAX);
	assert_string_equal(a.wrong, "f:10001: more than 10000 aliases");
	aliases_release(&a);
	buf_clear(&text);
	buf_add_text(&text, "a: b,");
	while (text.len <= ALIAS_LINE_MAX + 8)
		buf_add_text(&text, "bbbbbbb,");
	aliases_parse(&a, "f", buf_span(&text));
	assert_int_equal(a.at[0].to.count, 1);
	assert_int_equal(a.at[0].to.at[0].kind, TARGET_WRONG);
	assert_non_null(
	    strstr(a.at[0].to.at[0].text, "a line longer than 64 KiB"));
	aliases_release(&a);
	buf_release(&text);
}

static void
put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void
test_loading(void **state)
{
	char folder[] = "/tmp/alias-XXXXXX", path[64], renamed[64];
	const struct alias *before;
	struct aliases a = {0};
	struct error err;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/aliases", folder);
	snprintf(renamed, sizeof renamed, "%s/new", folder);
	assert_int_equal(aliases_load(&a, path, false, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_non_null(strstr(err.text, "/aliases: cannot open: No such"));
	assert_int_equal(aliases_load(&a, path, true, &err), 0);
	assert_int_equal(a.count, 0);
	assert_int_equal(a.stamp.st_nlink, 0);
	put(path, "a: b\n");
	assert_int_equal(aliases_load(&a, path, true, &err), 0);
	assert_int_equal(a.count, 1);
	/* as it was: not read again */
	before = a.at;
	assert_int_equal(aliases_load(&a, path, true, &err), 0);
	assert_ptr_equal(a.at, before);
	put(renamed, "a: c\nb: c\n");
	assert_int_equal(rename(renamed, path), 0);
	assert_int_equal(aliases_load(&a, path, true, &err), 0);
	assert_int_equal(a.count, 2);
	assert_int_equal(truncate(path, ALIAS_FILE_MAX + 1), 0);
	assert_int_equal(aliases_load(&a, path, true, &err), -1);
	assert_non_null(strstr(err.text, "larger than 1024 KiB"));
	assert_int_equal(a.count, 0);
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(aliases_load(&a, path, true, &err), -1);
	assert_non_null(strstr(err.text, "not a plain file"));
	unlink(path);
	rmdir(folder);
	aliases_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_files),
	    cmocka_unit_test(test_what_is_found),
	    cmocka_unit_test(test_ceilings),
	    cmocka_unit_test(test_loading),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
