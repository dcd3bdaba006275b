/* SPDX-License-Identifier: ISC */
#include "config/words.h"

#include "config/config.h"

#include <string.h>

static const struct {
	const char *setting;
	const char *words[WORDS_COUNT];
} table[] = {
    {"tls",
	{
	    [TLS_IMPLICIT] = "implicit",
	    [TLS_STARTTLS] = "starttls",
	    [TLS_NONE] = "none",
	}},
    {"protocol",
	{
	    [PROTOCOL_SMTP] = "smtp",
	    [PROTOCOL_LMTP] = "lmtp",
	}},
    {"delivery",
	{
	    [DELIVERY_BACKGROUND] = "background",
	    [DELIVERY_FOREGROUND] = "foreground",
	    [DELIVERY_QUEUE] = "queue",
	}},
    {"received",
	{
	    [RECEIVED_NONE] = "none",
	    [RECEIVED_HOST] = "host",
	    [RECEIVED_USER] = "user",
	}},
    {"extract-addresses", {"add", "remove"}},
    {"address-family",
	{
	    [FAMILY_ANY] = "any",
	    [FAMILY_IPV4] = "ipv4",
	    [FAMILY_IPV6] = "ipv6",
	}},
    {"tls-minimum", {"1.2", "1.3"}},
    {"tls-trust", {"authority", "pin"}},
    {"tls-dane",
	{
	    [DANE_OFF] = "off",
	    [DANE_PREFER] = "prefer",
	    [DANE_REQUIRE] = "require",
	}},
    {"log",
	{
	    [LOG_TO_SYSLOG] = "syslog",
	    [LOG_TO_STDERR] = "stderr",
	    [LOG_TO_NOTHING] = "none",
	}},
    {"identity",
	{
	    [IDENTITY_KEEP] = "keep",
	    [IDENTITY_QUALIFY] = "qualify",
	    [IDENTITY_FORCE] = "force",
	}},
    {"grant",
	{
	    [GRANT_CODE] = "code",
	    [GRANT_DEVICE] = "device",
	    [GRANT_CLIENT] = "client-credentials",
	}},
};

const char *const *
words_of(const char *setting)
{
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		if (strcmp(table[i].setting, setting) == 0)
			return table[i].words;
	return NULL;
}

int
words_value(const char *setting, const char *word)
{
	const char *const *words = words_of(setting);

	for (int i = 0; i < WORDS_COUNT && words != NULL; i++)
		if (words[i] != NULL && strcmp(word, words[i]) == 0)
			return i;
	return -1;
}
