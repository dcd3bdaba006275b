/* SPDX-License-Identifier: ISC */
/* Names of hosts, and addresses. */
#include "config/check_names.h"

#include "base/limits.h"
#include "message/address.h"

#include <stdio.h>
#include <string.h>
#include <sys/un.h>

static bool
is_name(struct span name)
{
	struct error ignored;
	char address[HOST_NAME_SIZE + 2];
	int n = snprintf(address, sizeof address, "x@%.*s", SPAN_ARG(name));

	return n < (int)sizeof address &&
	       address_check(span_of(address), &ignored) == 0;
}

/* What stands in EHLO, in Message-ID and behind an "@" must be a name. */
int
check_name(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *value = cfg_opt_getstr(opt);

	if (is_name(span_of(value)))
		return 0;
	cfg_error(cfg,
	    "%s is \"%s\"; write a name such as "
	    "\"mail.example.org\"",
	    opt->name, value);
	return -1;
}

static bool
is_socket(const char *value)
{
	return value[0] == '/' &&
	       strlen(value) < sizeof((struct sockaddr_un *)0)->sun_path;
}

/* Whom to connect to: a name, an address, IPv6 in brackets, or a socket. */
int
check_host(cfg_t *cfg, cfg_opt_t *opt)
{
	unsigned count = cfg_opt_size(opt);
	const char *value = cfg_opt_getnstr(opt, count - 1);
	size_t n = strlen(value);
	bool six = n > 2 && value[0] == '[' && value[n - 1] == ']';
	const char *allowed = six ? "[]:.%"
				    "0123456789abcdefABCDEF"
				  : "-._"
				    "0123456789abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	if (count > HOST_COUNT_MAX)
		cfg_error(cfg, "%s has more than %d names", opt->name,
		    HOST_COUNT_MAX);
	else if (is_socket(value) ||
		 (n > 0 && n < HOST_NAME_SIZE && strspn(value, allowed) == n))
		return 0;
	else
		cfg_error(cfg,
		    "%s is \"%s\"; write a name such as \"smtp.example.org\"",
		    opt->name, value);
	return -1;
}

int
check_address(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *value = cfg_opt_getstr(opt);
	struct error why;

	if (address_check(span_of(value), &why) == 0 &&
	    strchr(value, '@') != NULL)
		return 0;
	cfg_error(cfg,
	    "%s is \"%s\"; write an address such as "
	    "\"alice@example.org\"",
	    opt->name, value);
	return -1;
}

/* A "*" stands for all of a local part, or for what follows a "+" in it. */
static bool
is_pattern(const char *value)
{
	const char *star = strchr(value, '*');

	if (star == NULL || value[0] == '"')
		return true;
	return star[1] == '@' && (star == value || star[-1] == '+');
}

/* A pattern for senders: an address, perhaps with a "*". */
int
check_senders(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *value =
	    cfg_opt_getnstr(opt, (unsigned)cfg_opt_size(opt) - 1);
	struct error ignored;

	/* "*" is an atom, so that a pattern has the form of an address. */
	if (strchr(value, '@') != NULL && is_pattern(value) &&
	    address_check(span_of(value), &ignored) == 0)
		return 0;
	cfg_error(cfg,
	    "senders has \"%s\"; write \"alice@example.org\", "
	    "\"alice+*@example.org\" or \"*@example.org\"",
	    value);
	return -1;
}

/* One domain for another: "*.web.example.org=example.org". */
int
check_masquerade(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *value =
	    cfg_opt_getnstr(opt, (unsigned)cfg_opt_size(opt) - 1);
	struct span to = span_of(value), from;

	if (span_cut(&to, '=', &from) && from.len > 0 && to.len > 0) {
		if (span_starts(from, "*."))
			from = span_from(from, 2);
		if (is_name(from) && is_name(to) &&
		    memchr(from.at, '*', from.len) == NULL &&
		    memchr(to.at, '*', to.len) == NULL)
			return 0;
	}
	cfg_error(cfg,
	    "masquerade has \"%s\"; write \"web1.example.org=example.org\" "
	    "or \"*.example.org=example.org\"",
	    value);
	return -1;
}
