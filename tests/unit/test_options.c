/* SPDX-License-Identifier: ISC */
/*
 * The command line, in every form in which callers write it. A case is the
 * line, its words parted by blanks ("_" is a blank inside one, "~" an empty
 * word), and what must come of it as render() says it.
 */
#include "unit.h"

#include "base/buf.h"
#include "base/span.h"
#include "cli/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 10

struct line {
	const char *words; /* argv[0] and all behind it */
	const char *want;
};

static struct buf storage;

/* Splits words into argv, in storage. */
static int
split(const char *words, char *argv[])
{
	int argc = 0;

	buf_clear(&storage);
	buf_add(&storage, words, strlen(words) + 1);
	for (char *word = strtok(storage.at, " "); word != NULL;
	     word = strtok(NULL, " ")) {
		argv[argc++] = strcmp(word, "~") == 0 ? word + 1 : word;
		for (; *word != '\0'; word++)
			*word = *word == '_' ? ' ' : *word;
	}
	argv[argc] = NULL;
	return argc;
}

static void
add_value(struct buf *to, const char *name, const char *value)
{
	if (value != NULL)
		buf_printf(to, " %s=%s", name, value);
}

static void
render(const struct options *o, struct buf *to)
{
	static const char *const verbs[] = {"submit", "smtp", "flush", "list",
	    "show", "hold", "release", "remove", "bounce", "check", "probe",
	    "authorize", "aliases", "explain", "version", "help"};
	static const char *const wishes[] = {
	    "", " background", " foreground", " queue"};

	buf_printf(to, "%s%s%s%s%s%s%s%s%s%s", verbs[o->verb],
	    wishes[o->delivery], o->from_header ? " t" : "",
	    o->dry_run ? " dry-run" : "", o->require_tls ? " require-tls" : "",
	    o->force ? " force" : "", o->json ? " json" : "",
	    o->count ? " count" : "", o->verbose ? " v" : "",
	    o->after_dashes ? " dashes" : "");
	add_value(to, "f", o->sender);
	add_value(to, "F", o->full_name);
	add_value(to, "N", o->notify);
	add_value(to, "R", o->ret);
	add_value(to, "V", o->envid);
	add_value(to, "C", o->config);
	add_value(to, "relay", o->relay);
	add_value(to, "every", o->every);
	add_value(to, "to", o->to);
	add_value(to, "from", o->from);
	add_value(to, "I", o->picks.id);
	add_value(to, "!I", o->picks.not_id);
	add_value(to, "R", o->picks.recipient);
	add_value(to, "!R", o->picks.not_recipient);
	add_value(to, "S", o->picks.sender);
	add_value(to, "!S", o->picks.not_sender);
	for (size_t i = 0; i < o->argument_count; i++)
		buf_printf(to, "%s%s", i == 0 ? " : " : " ", o->arguments[i]);
}

static void
check(const struct line *lines, size_t n)
{
	struct buf got;
	size_t wrong = 0;

	buf_init(&storage, 1 * 1024);
	buf_init(&got, 1 * 1024);
	for (size_t i = 0; i < n; i++) {
		char *argv[WORDS_MAX + 1];
		int argc = split(lines[i].words, argv);
		struct options o;
		struct error err;

		buf_clear(&got);
		if (options_parse(argc, argv, &o, &err) == 0)
			render(&o, &got);
		else
			buf_add_text(&got, err.text);
		if (strcmp(buf_text(&got), lines[i].want) == 0)
			continue;
		print_error("%s: %s\n", lines[i].words, buf_text(&got));
		wrong++;
	}
	buf_release(&got);
	buf_release(&storage);
	assert_int_equal(wrong, 0);
}

static void
test_letters(void **state)
{
	static const struct line lines[] = {
	    {"sendmail", "submit"},
	    {"sendmail -bs", "smtp"},
	    {"sendmail -bs -odb -oem", "smtp background"},
	    {"sendmail a", "submit : a"},
	    {"sendmail a b", "submit : a b"},
	    {"sendmail -t", "submit t"},
	    {"sendmail -ti", "submit t"},
	    {"sendmail -it a", "submit t : a"},
	    {"sendmail -t -i -t", "submit t"},
	    {"sendmail -t -oi", "submit t"},
	    {"sendmail -toi", "submit t"},
	    {"sendmail -o i a", "submit : a"},
	    {"sendmail -f b a", "submit f=b : a"},
	    {"sendmail -fb a", "submit f=b : a"},
	    {"sendmail -tf b", "submit t f=b"},
	    {"sendmail -tifb a", "submit t f=b : a"},
	    {"sendmail -f ~ a", "submit f= : a"},
	    {"sendmail -f<> a", "submit f=<> : a"},
	    {"sendmail -f -t a", "submit f=-t : a"},
	    {"sendmail -r b a", "submit f=b : a"},
	    {"sendmail -rb", "submit f=b"},
	    {"sendmail -f a -f b", "submit f=b"},
	    {"sendmail -F A_B c", "submit F=A B : c"},
	    {"sendmail -FA_B c", "submit F=A B : c"},
	    {"sendmail -tFA -fb", "submit t f=b F=A"},
	    {"sendmail -C /x a", "submit C=/x : a"},
	    {"sendmail -C/x a", "submit C=/x : a"},
	    {"sendmail -odb", "submit background"},
	    {"sendmail -odi", "submit foreground"},
	    {"sendmail -odf", "submit foreground"},
	    {"sendmail -odq", "submit queue"},
	    {"sendmail -odd", "submit queue"},
	    {"sendmail -o dq a", "submit queue : a"},
	    {"sendmail -odq -odi", "submit foreground"},
	    {"sendmail -odz -oem -om -oo -od a", "submit : a"},
	    {"sendmail -v a", "submit foreground v : a"},
	    {"sendmail -bm a", "submit : a"},
	    {"sendmail -bp", "list"},
	    {"sendmail -b p", "list"},
	    {"sendmail -bi", "aliases"},
	    {"sendmail -I", "aliases"},
	    {"sendmail -q", "flush"},
	    {"sendmail -q30m", "flush"},
	    {"sendmail -q 30m", "flush : 30m"},
	    {"sendmail -vq", "flush foreground v"},
	};

	(void)state;
	check(lines, COUNT(lines));
}

/* Accepted, without effect, and without eating what is not theirs. */
static void
test_tolerated(void **state)
{
	static const char *const options[] = {"-Am", "-B8BITMIME",
	    "-B 8BITMIME", "-D /dev/null", "-d", "-d0.1", "-em", "-e q", "-G",
	    "-h 3", "-L tag", "-Mx", "-m", "-n", "-O Timeout=1m", "-pSMTP:host",
	    "-s", "-U", "-X /tmp/log"};
	struct line line = {.want = "submit : a"};
	char words[64];

	(void)state;
	for (size_t i = 0; i < COUNT(options); i++) {
		snprintf(words, sizeof words, "sendmail %s a", options[i]);
		line.words = words;
		check(&line, 1);
	}
}

/* Of letters with several spellings the longest that fits counts. */
static void
test_spellings(void **state)
{
	static const struct line lines[] = {
	    {"sendmail -bpc", "list count"},
	    {"mailq -bpc", "list count"},
	    {"sendmail -bpra", "list"},
	    {"sendmail -bV", "version"},
	    {"sendmail -bC", "check"},
	    {"sendmail -bv a", "explain : a"},
	    {"sendmail -odqs a", "submit queue : a"},
	    {"sendmail -ov a", "submit foreground v : a"},
	    {"sendmail -oitrue a", "submit : a"},
	    {"sendmail -oit a", "submit : a"},
	    {"sendmail -oMrSMTP a", "submit : a"},
	    {"sendmail -oMr smtp -t a", "submit t : a"},
	    {"sendmail -oMaa x -oMas y -t", "submit t"},
	    {"sendmail -oMaai -t", "submit t"},
	    {"sendmail -oMr -- a", "submit : a"},
	    {"sendmail -oMx -t", "submit t"},
	    {"pillarbox --dry-run a -oMr smtp b", "submit dry-run : a b"},
	    {"sendmail -M X Y", "flush : X Y"},
	    {"sendmail -Mc X", "flush : X"},
	    {"sendmail -Mrm X Y", "remove : X Y"},
	    {"sendmail -Mf X", "hold : X"},
	    {"sendmail -Mt X", "release : X"},
	    {"sendmail -Mg X", "bounce : X"},
	    {"sendmail -Mvh X", "show : X"},
	    {"sendmail -Mvb X", "show : X"},
	    {"sendmail -MrESMTP a", "submit : a"},
	    {"sendmail -Mrmx a", "submit : a"},
	};

	(void)state;
	check(lines, COUNT(lines));
}

static void
test_queue_runs(void **state)
{
	static const struct line lines[] = {
	    {"sendmail -qf", "flush"},
	    {"sendmail -q1h30m", "flush"},
	    {"sendmail -q90", "flush"},
	    {"sendmail -qp", "flush"},
	    {"sendmail -qp5m", "flush"},
	    {"sendmail -qq", "flush"},
	    {"sendmail -qi", "flush"},
	    {"sendmail -qff", "flush force"},
	    {"sendmail -qqf", "flush force"},
	    {"sendmail -qqiff15m", "flush force"},
	    {"sendmail -qIABC", "flush I=ABC"},
	    {"sendmail -qI ABC", "flush I=ABC"},
	    {"sendmail -q!IABC", "flush !I=ABC"},
	    {"sendmail -qRbob -qSalice", "flush R=bob S=alice"},
	    {"sendmail -q!Rbob -q!S<>", "flush !R=bob !S=<>"},
	    {"sendmail -qR bob", "flush R=bob"},
	    {"sendmail -qR -v", "flush R=-v"},
	    {"sendmail -S alice", "flush S=alice"},
	    {"sendmail -qRa -qRb", "flush R=b"},
	    {"sendmail -bp -qRbob", "list R=bob"},
	    {"mailq -qRbob", "list R=bob"},
	    {"mailq -qIx -q", "flush I=x"},
	    {"pillarbox --flush -qRbob --relay w", "flush relay=w R=bob"},
	};

	(void)state;
	check(lines, COUNT(lines));
}

/* "Connect to non-local mailers": in the option strings of sendmail and of
 * Postfix. */
static void
test_tolerated_connect(void **state)
{
	static const struct line lines[] = {
	    {"sendmail -c a", "submit : a"},
	    {"sendmail -nmsct a", "submit t : a"},
	};

	(void)state;
	check(lines, COUNT(lines));
}

/* sendmail's options end at the first recipient; ours stand anywhere. */
static void
test_order(void **state)
{
	static const struct line lines[] = {
	    {"sendmail a -t", "submit : a -t"},
	    {"sendmail -t a -f b", "submit t : a -f b"},
	    {"sendmail a --flush", "submit : a --flush"},
	    {"sendmail -t --dry-run", "submit t dry-run"},
	    {"sendmail -- -t", "submit dashes : -t"},
	    {"sendmail -i -- a", "submit dashes : a"},
	    {"sendmail a -- b", "submit : a -- b"},
	    {"sendmail - a", "submit : - a"},
	    {"sendmail -f -- a", "submit f=-- : a"},
	    {"pillarbox --flush", "flush"},
	    {"pillarbox --flush X --force Y", "flush force : X Y"},
	    {"pillarbox --force --flush", "flush force"},
	    {"pillarbox --flush --every 60s", "flush every=60s"},
	    {"pillarbox --every=5m --flush --force", "flush force every=5m"},
	    {"pillarbox --list --json", "list json"},
	    {"pillarbox --flush --json", "flush json"},
	    {"pillarbox --relay work a -t", "submit t relay=work : a"},
	    {"pillarbox --relay=work a", "submit relay=work : a"},
	    {"pillarbox --config /x --list", "list C=/x"},
	    {"sendmail -N never -Rhdrs -V id a",
		"submit N=never R=hdrs V=id : a"},
	    {"pillarbox --require-tls a", "submit require-tls : a"},
	    {"sendmail -t --require-tls", "submit t require-tls"},
	    {"pillarbox --dry-run a -fb", "submit dry-run f=b : a"},
	    {"pillarbox --flush X -- --force", "flush dashes : X --force"},
	    {"pillarbox --show X", "show : X"},
	    {"pillarbox --hold X Y", "hold : X Y"},
	    {"pillarbox --release all -v", "release foreground v : all"},
	    {"pillarbox --remove --to *@b", "remove to=*@b"},
	    {"pillarbox --bounce all --from a --relay w",
		"bounce relay=w from=a : all"},
	    {"pillarbox --hold --relay w", "hold relay=w"},
	    {"pillarbox --check", "check"},
	    {"pillarbox --explain a b", "explain : a b"},
	    {"pillarbox --dry-run --explain a", "submit dry-run : a"},
	    {"pillarbox --probe", "probe"},
	    {"pillarbox --probe --json work", "probe json : work"},
	    {"pillarbox --authorize work", "authorize : work"},
	    {"mailq --hold X", "hold : X"},
	    {"pillarbox --version", "version"},
	    {"pillarbox --help", "help"},
	};

	(void)state;
	check(lines, COUNT(lines));
}

/* Whatever the caller's login says of POSIX. */
static void
test_order_under_posix(void **state)
{
	static const struct line lines[] = {
	    {"sendmail -t a -f b", "submit t : a -f b"},
	    {"pillarbox --flush X --force Y", "flush force : X Y"},
	};

	(void)state;
	setenv("POSIXLY_CORRECT", "1", 1);
	check(lines, COUNT(lines));
}

static int
forget_posix(void **state)
{
	(void)state;
	return unsetenv("POSIXLY_CORRECT");
}

static void
test_names(void **state)
{
	static const struct line lines[] = {
	    {"/usr/sbin/sendmail -t", "submit t"},
	    {"pillarbox a", "submit : a"},
	    {"mailq", "list"},
	    {"/usr/bin/mailq", "list"},
	    {"./mailq", "list"},
	    {"mailq -v", "list foreground v"},
	    {"mailq --json", "list json"},
	    {"mailq -q", "flush"},
	    {"newaliases", "aliases"},
	    {"/usr/bin/newaliases", "aliases"},
	    {"/opt/mailq/bin/sendmail a", "submit : a"},
	    {"mailq2 a", "submit : a"},
	    {"mailq/ a", "submit : a"},
	    {"~ a", "submit : a"},
	};

	(void)state;
	check(lines, COUNT(lines));
}

static void
test_refused(void **state)
{
	/* want is what the error must name. */
	static const struct line cases[] = {
	    {"sendmail -z", "-z"},
	    {"sendmail -Z a", "-Z"},
	    {"sendmail -tz", "-z"},
	    {"sendmail -tH a", "-H"},
	    {"sendmail -?", "-?"},
	    {"sendmail -:", "-:"},
	    {"sendmail -1", "-1"},
	    {"sendmail -f", "-f"},
	    {"sendmail -tf", "-f"},
	    {"sendmail -F", "-F"},
	    {"sendmail -C", "-C"},
	    {"sendmail -b", "-b"},
	    {"sendmail -o", "-o"},
	    {"sendmail -X", "-X"},
	    {"sendmail -bd", "-bd"},
	    {"sendmail -bt", "--dry-run"},
	    {"sendmail -bd", "there is no daemon"},
	    {"sendmail -bdf", "there is no daemon"},
	    {"sendmail -bD", "there is no daemon"},
	    {"sendmail -bl", "there is no daemon"},
	    {"sendmail -bw5m", "there is no daemon"},
	    {"sendmail -ba", "-bs"},
	    {"sendmail -bh", "--list"},
	    {"sendmail -bH", "--list"},
	    {"sendmail -bP", "-bpc"},
	    {"sendmail -bS", "-bs"},
	    {"sendmail -bT", "-bT"},
	    {"sendmail -bpz", "-bpz"},
	    {"sendmail -bmx", "-bmx"},
	    {"sendmail -oMr", "-oMr"},
	    {"sendmail -Mar X a", "-Mar"},
	    {"sendmail -Mes X a", "-Mes"},
	    {"sendmail -MC a", "-MC"},
	    {"sendmail -Mrm", "which messages"},
	    {"sendmail -Mvh", "--show"},
	    {"sendmail -q -Mrm X", "at a time"},
	    {"pillarbox --remove X --flush", "at a time"},
	    {"sendmail -Q", "--hold"},
	    {"sendmail -Qreason -qIx", "--hold"},
	    {"sendmail -qfoo", "-qfoo"},
	    {"sendmail -qfff", "-qfff"},
	    {"sendmail -q30x", "-q30x"},
	    {"sendmail -q!", "-q!"},
	    {"sendmail -qGgroup", "one queue"},
	    {"sendmail -qL", "corrupt"},
	    {"sendmail -qQreason", "--release"},
	    {"sendmail -q!Qreason", "-q!Qreason"},
	    {"sendmail -qI", "-qI"},
	    {"sendmail -qR ~", "-qR"},
	    {"sendmail -qRx ABC", "no ids"},
	    {"sendmail -qRx -bs", "-qR"},
	    {"pillarbox --flush --every 60s -qRx", "--every"},
	    {"sendmail -bz", "-bz"},
	    {"sendmail -b ~ a", "-b"},
	    {"pillarbox --bogus", "--bogus"},
	    {"sendmail -t --bogus", "--bogus"},
	    {"pillarbox --flush X --bogus Y", "--bogus"},
	    {"pillarbox --flush -z", "-z"},
	    {"pillarbox --flush=now", "--flush"},
	    {"pillarbox --config", "--config"},
	    {"pillarbox --flush --relay", "--relay"},
	    {"pillarbox ---", "---"},
	    /* What would be without effect, or have another. */
	    {"pillarbox --dry-run --flush", "--dry-run"},
	    {"pillarbox --dry-run --list", "--dry-run"},
	    {"sendmail -q --dry-run", "--dry-run"},
	    {"pillarbox --flush --require-tls", "--require-tls"},
	    {"pillarbox --force a", "--force"},
	    {"pillarbox --list --force", "--force"},
	    {"pillarbox --every 60s a", "--every"},
	    {"pillarbox --flush --every 60s ABC", "--every"},
	    {"pillarbox --flush --every", "--every"},
	    {"pillarbox --json a", "--json"},
	    {"pillarbox --show X --json", "--json"},
	    {"pillarbox --list X", "--list"},
	    {"mailq X", "--list"},
	    {"pillarbox --check X", "--check"},
	    {"pillarbox --probe a b", "--probe"},
	    {"pillarbox --authorize", "--authorize"},
	    {"pillarbox --authorize a b", "--authorize"},
	    {"pillarbox --authorize a --flush", "at a time"},
	    {"pillarbox --probe a --authorize b", "at a time"},
	    {"pillarbox --show", "--show"},
	    {"pillarbox --show X Y", "--show"},
	    {"pillarbox --hold", "which messages"},
	    {"pillarbox --remove", "which messages"},
	    {"pillarbox --remove all X", "alone"},
	    {"pillarbox --remove X all", "alone"},
	    {"pillarbox --bounce X --to a", "either ids"},
	    {"pillarbox --hold X --release", "at a time"},
	    {"pillarbox --flush --remove all", "at a time"},
	    {"pillarbox --to a b", "--to"},
	    {"pillarbox --list --from a", "--from"},
	    {"pillarbox --flush --to a", "--to"},
	    {"pillarbox --hold X --json", "--json"},
	};

	(void)state;
	buf_init(&storage, 1 * 1024);
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *argv[WORDS_MAX + 1];
		int argc = split(cases[i].words, argv);
		struct error err = {0};
		struct options o;

		if (options_parse(argc, argv, &o, &err) == 0)
			fail_msg("%s: taken", cases[i].words);
		if (err.kind != ERR_USAGE ||
		    strstr(err.text, cases[i].want) == NULL)
			fail_msg("%s: \"%s\"", cases[i].words, err.text);
	}
	buf_release(&storage);
}

/* execve(2) with an empty argv. */
static void
test_nothing_at_all(void **state)
{
	char *argv[] = {NULL};
	struct options o;
	struct error err;

	(void)state;
	if (options_parse(0, argv, &o, &err) == 0)
		assert_int_equal(o.argument_count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_letters),
	    cmocka_unit_test(test_tolerated),
	    cmocka_unit_test(test_tolerated_connect),
	    cmocka_unit_test(test_spellings),
	    cmocka_unit_test(test_queue_runs),
	    cmocka_unit_test(test_order),
	    cmocka_unit_test_teardown(test_order_under_posix, forget_posix),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_nothing_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
