/* SPDX-License-Identifier: ISC */
/* What was found out about a relay, for a person. */
#include "cli/probed.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

static void
show(const char *label, const char *value, FILE *to)
{
	fprintf(to, "  %-12s %s\n", label, value);
}

static void
show_until(const char *label, const char *value, FILE *to)
{
	time_t until = (time_t)strtoll(value, NULL, 10);
	long long days = (long long)(until - clock_now()) / 86400;
	char when[CLOCK_TEXT_SIZE];

	clock_utc(until, when);
	if (until < clock_now())
		fprintf(to, "    %-10s %s, over\n", label, when);
	else
		fprintf(
		    to, "    %-10s %s, %lld days left\n", label, when, days);
}

static void
show_from(const char *label, const char *value, FILE *to)
{
	char when[CLOCK_TEXT_SIZE];

	clock_utc((time_t)strtoll(value, NULL, 10), when);
	fprintf(to, "    %-10s %s\n", label, when);
}

static void
show_deeper(const char *label, const char *value, FILE *to)
{
	fprintf(to, "    %-10s %s\n", label, value);
}

static void
show_pin(const char *label, const char *value, FILE *to)
{
	fprintf(to, "    %s = {\"%s\"}\n", label, value);
}

static void
show_relay(const char *label, const char *value, FILE *to)
{
	fprintf(to, "%s \"%s\"\n", label, value);
}

static void
show_time(const char *label, const char *value, FILE *to)
{
	fprintf(to, "  %-12s %.1f ms\n", label,
	    (double)strtoll(value, NULL, 10) / 1000);
}

static const struct {
	const char *key;
	const char *label;
	void (*show)(const char *label, const char *value, FILE *to);
} rows[] = {
    {"relay", "relay", show_relay},
    {"away", "not there", show},
    {"host", "host", show},
    {"port", "port", show},
    {"tls", "tls", show},
    {"address", "address", show},
    {"round-trip-us", "round trip", show_time},
    {"session", "session", show},
    {"dane", "DANE", show},
    {"certificate", "certificate", show},
    {"issuer", "issuer", show_deeper},
    {"from", "from", show_from},
    {"until", "until", show_until},
    {"pin", "tls-pin", show_pin},
    {"before", "before TLS", show},
    {"offers", "offers", show},
    {"size", "at most", show},
    {"sends", "sends by", show},
    {"login", "login by", show},
    {"remark", "remark", show},
    {"problem", "PROBLEM", show},
};

void
probed_text(const char *key, const char *value, FILE *to)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (strcmp(rows[i].key, key) == 0)
			rows[i].show(rows[i].label, value, to);
}
