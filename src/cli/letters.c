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

#define ACCEPTED {0}, NULL
#define DOES(...) {__VA_ARGS__}, NULL
#define REFUSED(instead) {0}, instead

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
    {"bC", NO_VALUE, DOES(.verb = VERB_CHECK)},
    {"bD", NO_VALUE, REFUSED(no_daemon)},
    {"bH", NO_VALUE, REFUSED(no_hosts)},
    {"bP", NO_VALUE, REFUSED("-bpc counts the queue")},
    {"bS", NO_VALUE, REFUSED("SMTP with replies is: -bs")},
    {"bT", NO_VALUE, REFUSED(no_test)},
    {"bV", NO_VALUE, DOES(.verb = VERB_VERSION)},
    {"ba", NO_VALUE, REFUSED("a message on stdin is, or SMTP: -bs")},
    {"bd", NO_VALUE, REFUSED(no_daemon)},
    {"bdf", NO_VALUE, REFUSED(no_daemon)},
    {"bh", NO_VALUE, REFUSED(no_hosts)},
    {"bhc", NO_VALUE, REFUSED(no_hosts)},
    {"bi", NO_VALUE, DOES(.verb = VERB_ALIASES)},
    {"bl", NO_VALUE, REFUSED(no_daemon)},
    {"bm", NO_VALUE, ACCEPTED},
    {"bp", NO_VALUE, DOES(.verb = VERB_LIST)},
    {"bpa", NO_VALUE, DOES(.verb = VERB_LIST)},
    {"bpc", NO_VALUE, DOES(SETS(count), .verb = VERB_LIST)},
    {"bpr", NO_VALUE, DOES(.verb = VERB_LIST)},
    {"bpra", NO_VALUE, DOES(.verb = VERB_LIST)},
    {"bpru", NO_VALUE, DOES(.verb = VERB_LIST)},
    {"bpu", NO_VALUE, DOES(.verb = VERB_LIST)},
    {"bs", NO_VALUE, DOES(.verb = VERB_SMTP)},
    {"bt", NO_VALUE, REFUSED(no_test)},
    {"bv", NO_VALUE, DOES(SETS(explain), .verb = VERB_EXPLAIN)},
    {"bw", ATTACHED, REFUSED(no_daemon)},
    {"C", VALUE, DOES(SETS(config))},
    {"c", NO_VALUE, ACCEPTED},
    {"D", VALUE, ACCEPTED},
    {"d", ATTACHED, ACCEPTED},
    {"E", NO_VALUE, ACCEPTED},
    {"e", VALUE, ACCEPTED},
    {"F", VALUE, DOES(SETS(full_name))},
    {"f", VALUE, DOES(SETS(sender))},
    {"G", NO_VALUE, ACCEPTED},
    {"h", VALUE, ACCEPTED},
    {"I", NO_VALUE, DOES(.verb = VERB_ALIASES)},
    {"i", NO_VALUE, ACCEPTED},
    {"L", VALUE, ACCEPTED},
    {"M", ATTACHED, DOES(.act = effect_message)},
    {"MC", ATTACHED, REFUSED("Exim's own; pillarbox --flush ID is")},
    {"MG", ATTACHED, REFUSED("there is one queue")},
    {"Mar", NO_VALUE, REFUSED(no_edit)},
    {"Mc", NO_VALUE, DOES(.verb = VERB_FLUSH)},
    {"Mes", NO_VALUE, REFUSED(no_edit)},
    {"Mf", NO_VALUE, DOES(.verb = VERB_HOLD)},
    {"Mg", NO_VALUE, DOES(.verb = VERB_BOUNCE)},
    {"Mmad", NO_VALUE, REFUSED(no_edit)},
    {"Mmd", NO_VALUE, REFUSED(no_edit)},
    {"Mrm", NO_VALUE, DOES(.verb = VERB_REMOVE)},
    {"Mset", NO_VALUE, REFUSED(no_test)},
    {"Mt", NO_VALUE, DOES(.verb = VERB_RELEASE)},
    {"Mvb", NO_VALUE, DOES(.verb = VERB_SHOW)},
    {"Mvc", NO_VALUE, DOES(.verb = VERB_SHOW)},
    {"Mvh", NO_VALUE, DOES(.verb = VERB_SHOW)},
    {"Mvl", NO_VALUE, DOES(.verb = VERB_SHOW)},
    {"m", NO_VALUE, ACCEPTED},
    {"N", VALUE, DOES(SETS(notify))},
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
    {"odb", NO_VALUE, DOES(.delivery = WISH_BACKGROUND)},
    {"odd", NO_VALUE, DOES(.delivery = WISH_QUEUE)},
    {"odf", NO_VALUE, DOES(.delivery = WISH_FOREGROUND)},
    {"odi", NO_VALUE, DOES(.delivery = WISH_FOREGROUND)},
    {"odq", NO_VALUE, DOES(.delivery = WISH_QUEUE)},
    {"odqs", NO_VALUE, DOES(.delivery = WISH_QUEUE)},
    {"ov", NO_VALUE, DOES(SETS(verbose), .delivery = WISH_FOREGROUND)},
    {"p", VALUE, ACCEPTED},
    {"Q", ATTACHED, REFUSED("pillarbox --hold keeps messages")},
    {"q", ATTACHED, DOES(.act = effect_run, .verb = VERB_FLUSH)},
    {"q!I", VALUE, DOES(SETS(picks.not_id))},
    {"q!R", VALUE, DOES(SETS(picks.not_recipient))},
    {"q!S", VALUE, DOES(SETS(picks.not_sender))},
    {"qG", ATTACHED, REFUSED("there is one queue")},
    {"qI", VALUE, DOES(SETS(picks.id))},
    {"qL", ATTACHED, REFUSED("what cannot be read is in corrupt/")},
    {"qQ", ATTACHED, REFUSED("what is held is sent after --release")},
    {"qR", VALUE, DOES(SETS(picks.recipient))},
    {"qS", VALUE, DOES(SETS(picks.sender))},
    {"R", VALUE, DOES(SETS(ret))},
    {"r", VALUE, DOES(SETS(sender))},
    {"S", VALUE, DOES(SETS(picks.sender))},
    {"s", NO_VALUE, ACCEPTED},
    {"T", NO_VALUE, ACCEPTED},
    {"t", NO_VALUE, DOES(SETS(from_header))},
    {"U", NO_VALUE, ACCEPTED},
    {"V", VALUE, DOES(SETS(envid))},
    {"v", NO_VALUE, DOES(SETS(verbose), .delivery = WISH_FOREGROUND)},
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
