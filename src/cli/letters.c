/* SPDX-License-Identifier: ISC */
/*
 * sendmail's options as Sendmail 8, Postfix and Exim spell them. Where Exim
 * means something else by a letter than the other two, these count. What does
 * nothing here is accepted where the mail goes all the same, since scripts that
 * no one remembers give it. pillarbox(1) has the same table, and a lint
 * compares them.
 */
#include "cli/letters.h"

#include <stdbool.h>
#include <string.h>

#define ACCEPTED NULL, NOTHING, NULL
#define ACTS(function) function, NOTHING, NULL
#define SETS(member) NULL, offsetof(struct options, member), NULL
#define REFUSED(instead) NULL, NOTHING, instead

static const char no_daemon[] =
    "there is no daemon; see pillarbox-smtp.socket, and pillarbox --flush";
static const char no_hosts[] =
    "nothing is kept of hosts; pillarbox --list shows relays that are paused";
static const char no_test[] =
    "try a message with --dry-run, and the configuration with --check";
static const char no_edit[] = "what is queued is not changed";

static const struct letter letters[] = {
    {"A", VALUE, ACCEPTED},
    {"B", VALUE, ACCEPTED},
    {"b", VALUE, REFUSED("a message on stdin is")},
    {"bC", NO_VALUE, ACTS(effect_check)},
    {"bD", NO_VALUE, REFUSED(no_daemon)},
    {"bH", NO_VALUE, REFUSED(no_hosts)},
    {"bP", NO_VALUE, REFUSED("-bpc counts the queue")},
    {"bS", NO_VALUE, REFUSED("SMTP with replies is: -bs")},
    {"bT", NO_VALUE, REFUSED(no_test)},
    {"bV", NO_VALUE, ACTS(effect_version)},
    {"ba", NO_VALUE, REFUSED("a message on stdin is, or SMTP: -bs")},
    {"bd", NO_VALUE, REFUSED(no_daemon)},
    {"bdf", NO_VALUE, REFUSED(no_daemon)},
    {"bh", NO_VALUE, REFUSED(no_hosts)},
    {"bhc", NO_VALUE, REFUSED(no_hosts)},
    {"bi", NO_VALUE, ACTS(effect_aliases)},
    {"bl", NO_VALUE, REFUSED(no_daemon)},
    {"bm", NO_VALUE, ACCEPTED},
    {"bp", NO_VALUE, ACTS(effect_list)},
    {"bpa", NO_VALUE, ACTS(effect_list)},
    {"bpc", NO_VALUE, ACTS(effect_count)},
    {"bpr", NO_VALUE, ACTS(effect_list)},
    {"bpra", NO_VALUE, ACTS(effect_list)},
    {"bpru", NO_VALUE, ACTS(effect_list)},
    {"bpu", NO_VALUE, ACTS(effect_list)},
    {"bs", NO_VALUE, ACTS(effect_smtp)},
    {"bt", NO_VALUE, REFUSED(no_test)},
    {"bv", NO_VALUE, ACTS(effect_explain)},
    {"bw", ATTACHED, REFUSED(no_daemon)},
    {"C", VALUE, SETS(config)},
    {"c", NO_VALUE, ACCEPTED},
    {"D", VALUE, ACCEPTED},
    {"d", ATTACHED, ACCEPTED},
    {"E", NO_VALUE, ACCEPTED},
    {"e", VALUE, ACCEPTED},
    {"F", VALUE, SETS(full_name)},
    {"f", VALUE, SETS(sender)},
    {"G", NO_VALUE, ACCEPTED},
    {"h", VALUE, ACCEPTED},
    {"I", NO_VALUE, ACTS(effect_aliases)},
    {"i", NO_VALUE, ACCEPTED},
    {"L", VALUE, ACCEPTED},
    {"M", ATTACHED, ACTS(effect_message)},
    {"MC", ATTACHED, REFUSED("Exim's own; pillarbox --flush ID is")},
    {"MG", ATTACHED, REFUSED("there is one queue")},
    {"Mar", NO_VALUE, REFUSED(no_edit)},
    {"Mc", NO_VALUE, ACTS(effect_flush)},
    {"Mes", NO_VALUE, REFUSED(no_edit)},
    {"Mf", NO_VALUE, ACTS(effect_hold)},
    {"Mg", NO_VALUE, ACTS(effect_bounce)},
    {"Mmad", NO_VALUE, REFUSED(no_edit)},
    {"Mmd", NO_VALUE, REFUSED(no_edit)},
    {"Mrm", NO_VALUE, ACTS(effect_remove)},
    {"Mset", NO_VALUE, REFUSED(no_test)},
    {"Mt", NO_VALUE, ACTS(effect_release)},
    {"Mvb", NO_VALUE, ACTS(effect_show)},
    {"Mvc", NO_VALUE, ACTS(effect_show)},
    {"Mvh", NO_VALUE, ACTS(effect_show)},
    {"Mvl", NO_VALUE, ACTS(effect_show)},
    {"m", NO_VALUE, ACCEPTED},
    {"N", VALUE, SETS(notify)},
    {"n", NO_VALUE, ACCEPTED},
    {"O", VALUE, ACCEPTED},
    {"o", VALUE, ACCEPTED},
    {"oMa", VALUE, ACCEPTED},
    {"oMaa", VALUE, ACCEPTED},
    {"oMai", VALUE, ACCEPTED},
    {"oMas", VALUE, ACCEPTED},
    {"oMi", VALUE, ACCEPTED},
    {"oMm", VALUE, ACCEPTED},
    {"oMr", VALUE, ACCEPTED},
    {"oMs", VALUE, ACCEPTED},
    {"oMt", VALUE, ACCEPTED},
    {"odb", NO_VALUE, ACTS(effect_background)},
    {"odd", NO_VALUE, ACTS(effect_queue)},
    {"odf", NO_VALUE, ACTS(effect_foreground)},
    {"odi", NO_VALUE, ACTS(effect_foreground)},
    {"odq", NO_VALUE, ACTS(effect_queue)},
    {"odqs", NO_VALUE, ACTS(effect_queue)},
    {"ov", NO_VALUE, ACTS(effect_verbose)},
    {"p", VALUE, ACCEPTED},
    {"Q", ATTACHED, REFUSED("pillarbox --hold keeps messages")},
    {"q", ATTACHED, ACTS(effect_run)},
    {"q!I", VALUE, SETS(picks.not_id)},
    {"q!R", VALUE, SETS(picks.not_recipient)},
    {"q!S", VALUE, SETS(picks.not_sender)},
    {"qG", ATTACHED, REFUSED("there is one queue")},
    {"qI", VALUE, SETS(picks.id)},
    {"qL", ATTACHED, REFUSED("what cannot be read is in corrupt/")},
    {"qQ", ATTACHED, REFUSED("what is held is sent after --release")},
    {"qR", VALUE, SETS(picks.recipient)},
    {"qS", VALUE, SETS(picks.sender)},
    {"R", VALUE, SETS(ret)},
    {"r", VALUE, SETS(sender)},
    {"S", VALUE, SETS(picks.sender)},
    {"s", NO_VALUE, ACCEPTED},
    {"T", NO_VALUE, ACCEPTED},
    {"t", NO_VALUE, SETS(from_header)},
    {"U", NO_VALUE, ACCEPTED},
    {"V", VALUE, SETS(envid)},
    {"v", NO_VALUE, ACTS(effect_verbose)},
    {"X", VALUE, ACCEPTED},
    {"x", NO_VALUE, ACCEPTED},
};

#define LETTER_COUNT (sizeof letters / sizeof letters[0])

char *
letters_short(char *to)
{
	for (size_t i = 0; i < LETTER_COUNT; i++) {
		if (letters[i].name[1] != '\0')
			continue;
		*to++ = letters[i].name[0];
		if (letters[i].value != NO_VALUE)
			*to++ = ':';
		if (letters[i].value == ATTACHED)
			*to++ = ':';
	}
	*to = '\0';
	return to;
}

/* Is joined what this row is about? */
static bool
fits(const struct letter *l, const char *joined)
{
	const char *more = l->name + 1;

	if (*more == '\0' || joined == NULL)
		return *more == '\0';
	if (l->value == NO_VALUE)
		return strcmp(joined, more) == 0;
	return strncmp(joined, more, strlen(more)) == 0;
}

const struct letter *
letters_find(int c, const char **value)
{
	const struct letter *best = NULL;
	size_t longest = 0, n;

	for (size_t i = 0; i < LETTER_COUNT; i++) {
		n = strlen(letters[i].name);
		if (letters[i].name[0] != c || n <= longest ||
		    !fits(&letters[i], *value))
			continue;
		best = &letters[i];
		longest = n;
	}
	/* getopt has seen to the value of a single letter. */
	if (longest < 2)
		return best;
	*value += longest - 1;
	if (**value == '\0')
		*value = NULL;
	return best;
}
