/* SPDX-License-Identifier: ISC */
/* Settings that are one of two or three words, by the name that the setting
 * has in its section. Private to config/. */
#ifndef CONFIG_WORDS_H
#define CONFIG_WORDS_H

#define WORDS_COUNT 3 /* at most; NULL stands behind fewer */

/* The words of a setting, in the order of its enum, or of "no, yes" where it
 * says whether something is so. NULL: it is no such setting. */
const char *const *words_of(const char *setting);

/* Which of them is word? -1: none. Case counts. */
int words_value(const char *setting, const char *word);

#endif
