/* SPDX-License-Identifier: ISC */
/* What is known of those who give tokens for SMTP. Private to config/. */
#ifndef CONFIG_PROVIDER_H
#define CONFIG_PROVIDER_H

#include "config/oauth.h"

#include <stddef.h>

/* In the endpoints stands %s for the tenant. */
struct provider {
	const char *name;
	const char *token, *authorization, *device; /* NULL: has none */
	const char *scope;                          /* for a person, */
	const char *client_scope;                   /* for GRANT_CLIENT */
	const char *redirect;                       /* NULL: it must be given */
	const char *tenant;     /* where none is given; NULL: it knows none */
	const char *parameters; /* for a refresh token */
	enum grant grant;
	bool xoauth2;
};

/* The provider of that name, or NULL. */
const struct provider *provider_find(const char *name);

/* The name of each, NULL behind the last. */
const char *provider_name(size_t i);

#endif
