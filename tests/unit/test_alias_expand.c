/* SPDX-License-Identifier: ISC */
/* Who a recipient is: chains, rings, catch-alls, lists, and what is wrong. */
#include "unit.h"

#include "alias/expand.h"
#include "base/buf.h"
#include "base/limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const own[] = {
    "web1.example.org", "web1", "localhost", NULL};
static char folder[] = "/tmp/alias-XXXXXX";

static struct aliases aliases;
static struct alias_scope scope;

/* LIST in a file's text stands for the folder. */
static void
read_file(const char *text, const char *domain)
{
	const char *at;
	struct buf b;

	buf_init(&b, 4 * MIB);
	while ((at = strstr(text, "LIST")) != NULL) {
		buf_add(&b, text, (size_t)(at - text));
		buf_add_text(&b, folder);
		text = at + 4;
	}
	buf_add_text(&b, text);
	aliases_release(&aliases);
	aliases_parse(&aliases, "f", buf_span(&b));
	buf_release(&b);
	scope = (struct alias_scope){
	    .aliases = &aliases, .own = own, .domain = domain, .public = true};
}

/* The addresses with blanks between them, "-" for /dev/null; or "! " and what
 * is wrong. */
static const char *
expand(const char *address)
{
	static char shown[4096];
	struct address_list list = {0};
	struct error err;
	struct buf to;
	bool nothing;

	buf_init(&to, sizeof shown - 1);
	if (alias_expand(&scope, address, &list, &nothing, &err) != 0) {
		assert_int_equal(err.kind, ERR_CONFIG);
		assert_int_equal(list.count, 0);
		buf_printf(&to, "! %s", err.text);
	}
	for (size_t i = 0; i < list.count; i++)
		buf_printf(&to, "%s%s", i > 0 ? " " : "", list.at[i]);
	if (buf_text(&to)[0] == '\0')
		buf_add_text(&to, nothing ? "-" : "(nobody)");
	address_list_release(&list);
	snprintf(shown, sizeof shown, "%s", buf_text(&to));
	buf_release(&to);
	return shown;
}

static void
put(const char *name, const char *text)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

#define D "example.org"
#define NONE                                                              \
	": has no domain, and no alias in f; add one, or set \"domain\" " \
	"in the configuration"
#define LEADS(name)                                                 \
	": leads to " name ", which is no other alias; write " name \
	"@DOMAIN, or set \"domain\" in the configuration"
#define RING ": leads to nobody, but back to itself or to empty lists"
#define DEEP ": more aliases and lists within each other than may be"

static const struct {
	const char *file, *domain, *address, *want;
} cases[] = {
    /* whose name it is */
    {"root: a@x", NULL, "root", "a@x"},
    {"root: a@x", NULL, "ROOT", "a@x"},
    {"root: a@x", NULL, "root@web1", "a@x"},
    {"root: a@x", NULL, "Root@WEB1.Example.Org", "a@x"},
    {"root: a@x", NULL, "root@localhost", "a@x"},
    {"root: a@x", NULL, "root@web2", "root@web2"},
    {"root: a@x", NULL, "root@example.org", "root@example.org"},
    {"root: a@x", NULL, "root@web1.example.org.x", "root@web1.example.org.x"},
    {"\"a b\": a@x", NULL, "\"A b\"@web1", "a@x"},
    /* none */
    {"", D, "bob", "bob@example.org"},
    {"", NULL, "bob", "! bob" NONE},
    {"", D, "bob@web1", "bob@web1"},
    {"", NULL, "bob@x", "bob@x"},
    /* chains */
    {"root: ops\nops: a@x", NULL, "root", "a@x"},
    {"root: ops@web1\nops: a@x", NULL, "root", "a@x"},
    {"root: ops@web2\nops: a@x", NULL, "root", "ops@web2"},
    {"root: ops, b@x\nops: a@x, c", D, "root", "a@x c@example.org b@x"},
    {"root: ops", NULL, "root", "! f:1: root" LEADS("ops")},
    {"root: ops", D, "root", "ops@example.org"},
    /* the same by two ways */
    {"root: a, b\na: c\nb: c\nc: c@x", NULL, "root", "c@x"},
    /* itself */
    {"root: root, a@x", D, "root", "root@example.org a@x"},
    {"root: root, a@x", NULL, "root", "! f:1: root" LEADS("root")},
    {"root: root@web1, a@x", NULL, "root", "root@web1 a@x"},
    {"root: ROOT", D, "root", "ROOT@example.org"},
    {"root: \\root, a@x", D, "root", "root@example.org a@x"},
    {"root: \\ops\nops: a@x", D, "root", "ops@example.org"},
    {"root: \\ops\nops: a@x", NULL, "root", "! f:1: root" LEADS("ops")},
    /* rings */
    {"a: b\nb: a", D, "a", "! f: a" RING},
    {"a: b\nb: a, a@x", NULL, "a", "a@x"},
    {"a: b\nb: c\nc: a, b, c@x", NULL, "b", "c@x"},
    {"a: b\nb: c\nc: a", D, "b", "! f: b" RING},
    /* catch-alls */
    {"*: a@x", NULL, "bob", "a@x"},
    {"default: a@x", NULL, "bob", "a@x"},
    {"*: a@x\nbob: b@x", NULL, "bob", "b@x"},
    {"*: a@x", D, "bob", "a@x"},
    {"*: a@x", D, "bob@web1", "a@x"},
    {"*: a@x", D, "bob@example.org", "bob@example.org"},
    {"*: a@x", "web1.example.org", "bob@web1.example.org",
	"bob@web1.example.org"},
    {"*: a@x\nbob: b@x", "web1", "bob@WEB1", "b@x"},
    {"*: a@x", "web1.example.org", "bob", "a@x"},
    {"*: bob", D, "carol", "bob@example.org"},
    {"*: bob", NULL, "carol", "! f:1: *" LEADS("bob")},
    {"*: root\nroot: a@x", NULL, "carol", "a@x"},
    {"*: a@x\nroot: bob", NULL, "root", "! f:2: root" LEADS("bob")},
    {"*: root\nroot: bob, c@x", D, "root", "bob@example.org c@x"},
    {"*: a@x\nroot: bob@web1", NULL, "root", "bob@web1"},
    /* nothing */
    {"a: /dev/null", NULL, "a", "-"},
    {"a: /dev/null, b@x", NULL, "a", "b@x"},
    {"a: b\nb: /dev/null", NULL, "a", "-"},
    /* wrong */
    {"a: b@x, |c", NULL, "a",
	"! f:1: |c: mail is not given to programs; write an address"},
    {"a: b\nb: /c", NULL, "a",
	"! f:2: /c: mail is not put into files; write an address, or "
	"/dev/null to throw it away"},
    {"a:", NULL, "a",
	"! f:1: a: stands for nobody; write an address, or /dev/null to "
	"throw its mail away"},
    {"a: x@x\nb: y@y\na: z@z", NULL, "a",
	"! f:1: a: there is another one in line 3; make them one"},
    {"a: x@x\nb: y@y\na: z@z", NULL, "b", "y@y"},
    {"a: x@x\nb\n", NULL, "a", "x@x"},
    {"a: x@x\n: b\n", D, "b", "! f:2: no name before the \":\""},
    {"a: b\n: b\n", D, "a", "! f:2: no name before the \":\""},
    {"*: x@x\n: b\n", D, "b", "! f:2: no name before the \":\""},
    {": b\n", D, "b@y", "b@y"},
    /* lists */
    {"a: :include:LIST/two", D, "a", "b@x c@example.org d@x"},
    {"a: x@x, :include:LIST/two\nc: e@x", NULL, "a", "x@x b@x e@x d@x"},
    {"a: :include:LIST/nested", D, "a", "b@x c@example.org d@x y@x"},
    {"c: :include:LIST/two", D, "c", "b@x c@example.org d@x"},
    {"a: :include:LIST/empty", D, "a", "! f: a" RING},
    {"a: :include:LIST/empty, x@x", D, "a", "x@x"},
    {"a: :include:LIST/bad", D, "a",
	"! LIST/bad:3: |x: mail is not given to programs; write an address"},
    {"a: :include:LIST/ring", D, "a", "! f:1: a" DEEP},
    {"a: :include:LIST/missing", D, "a",
	"! LIST/missing: cannot open: No such file or directory"},
    {"a: :include:LIST", D, "a", "! LIST: not a plain file"},
    {"a: :include:LIST/fifo", D, "a", "! LIST/fifo: not a plain file"},
    {"a: :include:LIST/private", D, "a",
	"! LIST/private: not everybody may read it, so it could be a secret; "
	"run: chmod a+r LIST/private"},
};

/* Is it that, with LIST for the folder? */
static bool
is_like(const char *got, const char *want)
{
	while (*want != '\0') {
		size_t n = strlen(folder);

		if (strncmp(want, "LIST", 4) == 0) {
			if (strncmp(got, folder, n) != 0)
				return false;
			got += n;
			want += 4;
		} else if (*got++ != *want++) {
			return false;
		}
	}
	return *got == '\0';
}

static void
test_names(void **state)
{
	size_t failed = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *got;

		read_file(cases[i].file, cases[i].domain);
		got = expand(cases[i].address);
		if (!is_like(got, cases[i].want)) {
			print_error("%s\n%s is %s\nwant %s\n", cases[i].file,
			    cases[i].address, got, cases[i].want);
			failed++;
		}
	}
	assert_int_equal(failed, 0);
}

static void
test_without_a_file(void **state)
{
	static const struct aliases none;

	(void)state;
	scope = (struct alias_scope){.aliases = &none, .own = own};
	assert_string_equal(expand("bob@web1"), "bob@web1");
	assert_string_equal(expand("bob"),
	    "! bob: has no domain, and no alias; add one, or set \"domain\" "
	    "in the configuration");
}

static void
test_what_the_front_asks(void **state)
{
	(void)state;
	read_file("root: a@x\nbad: |x\n", NULL);
	assert_true(alias_is_known(&scope, "Root"));
	assert_true(alias_is_known(&scope, "bad"));
	assert_false(alias_is_known(&scope, "bob"));
	read_file("root: a@x\ndefault: b@x\n", NULL);
	assert_true(alias_is_known(&scope, "bob"));
	read_file("root: a@x\nbob b@x\n", NULL);
	assert_true(alias_is_known(&scope, "bob"));
}

/* A chain of so many. */
static void
make_chain(int length)
{
	struct buf text;

	buf_init(&text, MIB);
	for (int i = 1; i < length; i++)
		buf_printf(&text, "a%d: a%d\n", i, i + 1);
	buf_printf(&text, "a%d: end@x\n", length);
	read_file(buf_text(&text), NULL);
	buf_release(&text);
}

static void
test_depth(void **state)
{
	(void)state;
	make_chain(ALIAS_DEPTH_MAX);
	assert_string_equal(expand("a1"), "end@x");
	make_chain(ALIAS_DEPTH_MAX + 1);
	assert_string_equal(expand("a1"), "! f:17: a17" DEEP);
}

/* Each names the next one twice: 2 to the 12th if it were followed so. */
static void
test_doubling(void **state)
{
	struct buf text;

	(void)state;
	buf_init(&text, MIB);
	for (int i = 1; i < 12; i++)
		buf_printf(&text, "a%d: a%d, a%d\n", i, i + 1, i + 1);
	buf_add_text(&text, "a12: end@x\n");
	read_file(buf_text(&text), NULL);
	buf_release(&text);
	assert_string_equal(expand("a1"), "end@x");
}

static void
test_ceilings(void **state)
{
	struct buf text;

	(void)state;
	buf_init(&text, MIB);
	for (int i = 0; i <= ALIAS_LISTS_MAX; i++)
		buf_add_text(&text, ":include:LIST/two,");
	put("many", "");
	buf_clear(&text);
	buf_add_text(&text, "a: ");
	for (int i = 0; i <= ALIAS_LISTS_MAX; i++)
		buf_add_text(&text, ":include:LIST/two, ");
	read_file(buf_text(&text), D);
	assert_string_equal(expand("a"), "! more than 100 lists by :include:");
	buf_clear(&text);
	for (int i = 0; i <= ALIAS_ADDRESSES_MAX; i++)
		buf_printf(&text, "u%d@x\n", i);
	put("many", buf_text(&text));
	read_file("a: :include:LIST/many", D);
	assert_string_equal(expand("a"), "! more than 10000 addresses");
	buf_release(&text);
}

static int
make_lists(void **state)
{
	char path[64];

	(void)state;
	assert_non_null(mkdtemp(folder));
	umask(022);
	put("two", "# these\n\nb@x, c\r\n  d@x\n");
	put("empty", "# nobody\n");
	put("bad", "b@x\n\n|x\n");
	put("private", "b@x\n");
	snprintf(path, sizeof path, "%s/private", folder);
	chmod(path, 0640);
	snprintf(path, sizeof path, "%s/fifo", folder);
	assert_int_equal(mkfifo(path, 0644), 0);
	snprintf(path, sizeof path, ":include:%s/two\ny@x\n", folder);
	put("nested", path);
	snprintf(path, sizeof path, ":include:%s/ring\n", folder);
	put("ring", path);
	return 0;
}

static int
remove_lists(void **state)
{
	static const char *const names[] = {
	    "two", "empty", "bad", "private", "fifo", "nested", "ring", "many"};
	char path[64];

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		snprintf(path, sizeof path, "%s/%s", folder, names[i]);
		unlink(path);
	}
	aliases_release(&aliases);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_without_a_file),
	    cmocka_unit_test(test_what_the_front_asks),
	    cmocka_unit_test(test_depth),
	    cmocka_unit_test(test_doubling),
	    cmocka_unit_test(test_ceilings),
	};

	return cmocka_run_group_tests(tests, make_lists, remove_lists);
}
