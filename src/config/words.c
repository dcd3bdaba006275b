/* SPDX-License-Identifier: ISC */
/* Settings that are one of two or three words, and what these mean. */
#include "config/words.h"

#include "config/settings.h"

#include <string.h>

#define PORT_SUBMISSION 587  /* RFC 6409 */
#define PORT_SUBMISSIONS 465 /* RFC 8314 */
#define PORT_SMTP 25
#define PORT_LMTP 24 /* for private mail systems: what LMTP servers took */

const char *const words_tls[WORDS_COUNT] = {
    [TLS_IMPLICIT] = "implicit",
    [TLS_STARTTLS] = "starttls",
    [TLS_NONE] = "none",
};

const char *const words_protocol[WORDS_COUNT] = {
    [PROTOCOL_SMTP] = "smtp",
    [PROTOCOL_LMTP] = "lmtp",
};

const char *const words_delivery[WORDS_COUNT] = {
    [DELIVERY_BACKGROUND] = "background",
    [DELIVERY_FOREGROUND] = "foreground",
    [DELIVERY_QUEUE] = "queue",
};

const char *const words_received[WORDS_COUNT] = {
    [RECEIVED_NONE] = "none",
    [RECEIVED_HOST] = "host",
    [RECEIVED_USER] = "user",
};

const char *const words_extract[WORDS_COUNT] = {"add", "remove"};

const char *const words_family[WORDS_COUNT] = {
    [FAMILY_ANY] = "any",
    [FAMILY_IPV4] = "ipv4",
    [FAMILY_IPV6] = "ipv6",
};

const char *const words_minimum[WORDS_COUNT] = {"1.2", "1.3"};

const char *const words_trust[WORDS_COUNT] = {"authority", "pin"};

const char *const words_dane[WORDS_COUNT] = {
    [DANE_OFF] = "off",
    [DANE_PREFER] = "prefer",
    [DANE_REQUIRE] = "require",
};

const char *const words_log[WORDS_COUNT] = {
    [LOG_TO_SYSLOG] = "syslog",
    [LOG_TO_STDERR] = "stderr",
    [LOG_TO_NOTHING] = "none",
};

const char *const words_identity[WORDS_COUNT] = {
    [IDENTITY_KEEP] = "keep",
    [IDENTITY_QUALIFY] = "qualify",
    [IDENTITY_FORCE] = "force",
};

const char *const words_grant[WORDS_COUNT] = {
    [GRANT_CODE] = "code",
    [GRANT_DEVICE] = "device",
    [GRANT_CLIENT] = "client-credentials",
};

int
words_index(const char *const words[WORDS_COUNT], const char *word)
{
	for (int i = 0; i < WORDS_COUNT; i++)
		if (words[i] != NULL && strcmp(word, words[i]) == 0)
			return i;
	return -1;
}

enum protocol
settings_protocol(const char *word)
{
	return (enum protocol)words_index(words_protocol, word);
}

enum tls_mode
settings_tls(const char *word, enum protocol protocol, long port)
{
	if (word != NULL)
		return (enum tls_mode)words_index(words_tls, word);
	return protocol == PROTOCOL_LMTP || port == PORT_SUBMISSIONS
		   ? TLS_IMPLICIT
		   : TLS_STARTTLS;
}

uint16_t
settings_port(enum protocol protocol, enum tls_mode tls)
{
	static const uint16_t ports[] = {
	    [TLS_IMPLICIT] = PORT_SUBMISSIONS,
	    [TLS_STARTTLS] = PORT_SUBMISSION,
	    [TLS_NONE] = PORT_SMTP,
	};

	return protocol == PROTOCOL_LMTP ? PORT_LMTP : ports[tls];
}

enum delivery_mode
settings_delivery(const char *word)
{
	return (enum delivery_mode)words_index(words_delivery, word);
}

enum received
settings_received(const char *word)
{
	return (enum received)words_index(words_received, word);
}

bool
settings_extract_remove(const char *word)
{
	return words_index(words_extract, word) == 1;
}

enum family
settings_family(const char *word)
{
	return (enum family)words_index(words_family, word);
}

enum log_target
settings_log(const char *word)
{
	return (enum log_target)words_index(words_log, word);
}

enum identity_mode
settings_identity(const char *word)
{
	return (enum identity_mode)words_index(words_identity, word);
}

enum grant
settings_grant(const char *word)
{
	return (enum grant)words_index(words_grant, word);
}
