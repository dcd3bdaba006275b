/* SPDX-License-Identifier: ISC */
/* From the section oauth to struct oauth, with the provider's table behind. */
#include "config/fill_oauth.h"

#include "base/buf.h"
#include "base/limits.h"
#include "config/provider.h"
#include "config/values.h"

#include <stdlib.h>
#include <string.h>

/* Where it says nothing: what stands for all who know nothing better. */
static const struct provider unknown = {
    .redirect = "http://127.0.0.1",
    .grant = GRANT_CODE,
};

static char *
text_or(cfg_t *section, const char *name, const char *otherwise)
{
	const char *value = cfg_getstr(section, name);

	if (value == NULL)
		value = otherwise;
	return value != NULL ? must_strdup(value) : NULL;
}

/* The endpoint, with the tenant where %s stands in the table. */
static char *
endpoint(
    cfg_t *section, const char *name, const char *pattern, const char *tenant)
{
	const char *hole = pattern ? strstr(pattern, "%s") : NULL;
	struct buf b;
	char *value;

	if (cfg_getstr(section, name) != NULL || hole == NULL)
		return text_or(section, name, pattern);
	buf_init(&b, 4 * KIB);
	buf_add(&b, pattern, (size_t)(hole - pattern));
	buf_add_text(&b, tenant);
	buf_add_text(&b, hole + 2);
	value = must_strdup(buf_text(&b));
	buf_release(&b);
	return value;
}

static enum grant
grant_of(cfg_t *section, const struct provider *p)
{
	if (cfg_size(section, "token-command") > 0)
		return GRANT_COMMAND;
	if (cfg_getstr(section, "grant") != NULL)
		return (enum grant)word_of(section, "grant");
	if (p == &unknown && cfg_getstr(section, "device-endpoint") != NULL)
		return GRANT_DEVICE;
	return p->grant;
}

struct oauth *
fill_oauth(cfg_t *section)
{
	const struct provider *p =
	    provider_find(cfg_getstr(section, "provider"));
	struct oauth *o = must_calloc(1, sizeof *o);
	const char *tenant;

	if (p == NULL)
		p = &unknown;
	o->grant = grant_of(section, p);
	o->tenant = text_or(section, "tenant", NULL);
	tenant = o->tenant ? o->tenant : p->tenant;
	o->client_id = text_or(section, "client-id", NULL);
	o->client_secret_file = text_or(section, "client-secret-file", NULL);
	o->scope = text_or(section, "scope",
	    o->grant == GRANT_CLIENT ? p->client_scope : p->scope);
	o->token_endpoint =
	    endpoint(section, "token-endpoint", p->token, tenant);
	o->authorization_endpoint = endpoint(
	    section, "authorization-endpoint", p->authorization, tenant);
	o->device_endpoint =
	    endpoint(section, "device-endpoint", p->device, tenant);
	o->redirect = text_or(section, "redirect", p->redirect);
	o->login = text_or(section, "login", NULL);
	o->ca_file = text_or(section, "ca-file", NULL);
	if (o->grant == GRANT_COMMAND)
		o->token_command = list_of(section, "token-command");
	o->parameters = p->parameters ? p->parameters : "";
	o->xoauth2 = p->xoauth2;
	return o;
}

void
free_oauth(struct oauth *o)
{
	if (o == NULL)
		return;
	free(o->client_id);
	free(o->client_secret_file);
	free(o->scope);
	free(o->token_endpoint);
	free(o->authorization_endpoint);
	free(o->device_endpoint);
	free(o->redirect);
	free(o->tenant);
	free(o->login);
	free(o->ca_file);
	free_list(o->token_command);
	free(o);
}
