/* SPDX-License-Identifier: ISC */
/* What the section oauth of a relay may hold, each setting and as a whole. */
#include "config/check_oauth.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "config/fill_oauth.h"
#include "config/provider.h"

#include <string.h>

int
check_provider(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *value = cfg_opt_getstr(opt);
	struct buf names;

	if (provider_find(value) != NULL)
		return 0;
	buf_init(&names, 1 * KIB);
	for (size_t i = 0; provider_name(i) != NULL; i++)
		buf_printf(&names, "%s%s", i > 0 ? ", " : "", provider_name(i));
	cfg_error(cfg,
	    "provider \"%s\" is not known; it can be %s, or be left out where "
	    "the endpoints are given",
	    value, buf_text(&names));
	buf_release(&names);
	return -1;
}

/* It becomes part of an address. */
int
check_tenant(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *value = cfg_opt_getstr(opt);

	if (text_is_plain_name(value) && strlen(value) < HOST_NAME_SIZE)
		return 0;
	cfg_error(cfg,
	    "tenant is \"%s\"; write its id or its domain, such as "
	    "\"example.onmicrosoft.com\"",
	    value);
	return -1;
}

/* A whole address with a host, and nothing in it that an address has not, nor
 * a login, nor a fragment. */
static bool
is_address(const char *value, const char *scheme)
{
	size_t n = strlen(scheme);

	if (strncmp(value, scheme, n) != 0 || strlen(value) >= OAUTH_URL_SIZE ||
	    value[n] == '\0' || strchr("/:?", value[n]) != NULL)
		return false;
	for (const char *at = value; *at != '\0'; at++)
		if (*at <= ' ' || *at >= 0x7f || strchr("\"#<>@\\", *at))
			return false;
	return true;
}

int
check_endpoint(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *value = cfg_opt_getstr(opt);

	if (is_address(value, "https://"))
		return 0;
	cfg_error(cfg,
	    "%s is \"%s\"; write an address such as "
	    "\"https://login.example.org/oauth2/token\"",
	    opt->name, value);
	return -1;
}

int
check_redirect(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *value = cfg_opt_getstr(opt);

	if (strcmp(value, "http://127.0.0.1") == 0 ||
	    strcmp(value, "http://localhost") == 0 ||
	    is_address(value, "https://"))
		return 0;
	cfg_error(cfg,
	    "redirect is \"%s\"; it can be \"http://127.0.0.1\", "
	    "\"http://localhost\", or the https address that the client is "
	    "registered with",
	    value);
	return -1;
}

/* What a person is asked by. */
static const char *
fault_of_person(const struct oauth *o)
{
	if (o->grant == GRANT_DEVICE && o->device_endpoint == NULL)
		return "no device-endpoint; write grant = code";
	if (o->grant == GRANT_CODE && o->authorization_endpoint == NULL)
		return "no authorization-endpoint; write "
		       "authorization-endpoint = \"https://...\"";
	if (o->grant == GRANT_CODE && o->redirect == NULL)
		return "no redirect; write redirect = \"https://...\", the "
		       "address that the client is registered with";
	return NULL;
}

static const char *
fault_of_client(const struct oauth *o, const struct provider *p)
{
	if (o->client_secret_file == NULL)
		return "grant = client-credentials needs client-secret-file = "
		       "\"...\"";
	if (p != NULL && p->tenant != NULL && o->tenant == NULL)
		return "grant = client-credentials needs tenant = \"...\"";
	return NULL;
}

/* What is wrong with it as a whole; NULL: nothing. */
static const char *
fault(const struct oauth *o, const struct provider *p)
{
	if (o->grant == GRANT_COMMAND)
		return o->client_id == NULL && o->client_secret_file == NULL
			   ? NULL
			   : "a token-command and a client; keep one";
	if (o->token_endpoint == NULL)
		return "no provider; write provider = \"...\" or "
		       "token-endpoint = \"https://...\"";
	if (o->client_id == NULL)
		return "no client-id; pillarbox-oauth(7) says how to get one";
	if (o->tenant != NULL && p != NULL && p->tenant == NULL)
		return "this provider knows no tenant; remove it";
	if (o->scope == NULL)
		return "no scope; write scope = \"...\"";
	return o->grant == GRANT_CLIENT ? fault_of_client(o, p)
					: fault_of_person(o);
}

int
check_oauth(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_t *section = cfg_opt_getnsec(opt, 0);
	struct oauth *o = fill_oauth(section);
	const char *why =
	    fault(o, provider_find(cfg_getstr(section, "provider")));

	free_oauth(o);
	if (why == NULL)
		return 0;
	cfg_error(cfg, "oauth: %s", why);
	return -1;
}
