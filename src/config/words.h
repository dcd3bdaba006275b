/* SPDX-License-Identifier: ISC */
/*
 * Settings that are one of two or three words. What the words mean is asked by
 * settings_tls() and its neighbours (settings.h). Private to config/.
 */
#ifndef CONFIG_WORDS_H
#define CONFIG_WORDS_H

#define WORDS_COUNT 3 /* at most; NULL stands behind fewer */

/* In the order of enum tls_mode, of enum protocol, of enum delivery_mode, of
 * enum family (config.h), of enum received (message/complete.h), of "1.3? no,
 * yes", of "pins only? no, yes", of enum dane_mode, of enum log_target
 * (base/log.h), of enum identity_mode (message/identity.h), and of enum grant
 * (oauth.h). */
extern const char *const words_tls[WORDS_COUNT];
extern const char *const words_protocol[WORDS_COUNT];
extern const char *const words_delivery[WORDS_COUNT];
extern const char *const words_received[WORDS_COUNT];
extern const char *const words_extract[WORDS_COUNT]; /* add, remove */
extern const char *const words_family[WORDS_COUNT];
extern const char *const words_minimum[WORDS_COUNT];
extern const char *const words_trust[WORDS_COUNT];
extern const char *const words_dane[WORDS_COUNT];
extern const char *const words_log[WORDS_COUNT];
extern const char *const words_identity[WORDS_COUNT];
extern const char *const words_grant[WORDS_COUNT];

/* Which of words is word? -1: none. Case counts. */
int words_index(const char *const words[WORDS_COUNT], const char *word);

#endif
