/* SPDX-License-Identifier: ISC */
/* The table of those who give tokens; pillarbox-oauth(7) tells of them. */
#include "config/provider.h"

#include <string.h>

/* A person with mail here may come from any tenant. */
#define MICROSOFT "https://login.microsoftonline.com/%s/oauth2/v2.0/"

static const struct provider providers[] = {
    {
	/* Its device flow has no scope for mail. */
	.name = "google",
	.token = "https://oauth2.googleapis.com/token",
	.authorization = "https://accounts.google.com/o/oauth2/v2/auth",
	.scope = "https://mail.google.com/",
	.redirect = "http://127.0.0.1",
	.parameters = "&access_type=offline&prompt=consent",
	.grant = GRANT_CODE,
    },
    {
	.name = "microsoft",
	.token = MICROSOFT "token",
	.authorization = MICROSOFT "authorize",
	.device = MICROSOFT "devicecode",
	.scope = "https://outlook.office.com/SMTP.Send offline_access",
	.client_scope = "https://outlook.office365.com/.default",
	.redirect = "http://localhost",
	.tenant = "common",
	.grant = GRANT_DEVICE,
	.xoauth2 = true,
    },
    {
	.name = "azure",
	.token = MICROSOFT "token",
	.client_scope = "https://communication.azure.com/.default",
	.tenant = "common",
	.grant = GRANT_CLIENT,
	.xoauth2 = true,
    },
    {
	.name = "yahoo",
	.token = "https://api.login.yahoo.com/oauth2/get_token",
	.authorization = "https://api.login.yahoo.com/oauth2/request_auth",
	.scope = "mail-w",
	.grant = GRANT_CODE,
	.xoauth2 = true,
    },
    {
	.name = "aol",
	.token = "https://api.login.aol.com/oauth2/get_token",
	.authorization = "https://api.login.aol.com/oauth2/request_auth",
	.scope = "mail-w",
	.grant = GRANT_CODE,
	.xoauth2 = true,
    },
    {
	.name = "fastmail",
	.token = "https://api.fastmail.com/oauth/refresh",
	.authorization = "https://api.fastmail.com/oauth/authorize",
	.scope = "https://www.fastmail.com/dev/protocol-smtp",
	.redirect = "http://127.0.0.1",
	.grant = GRANT_CODE,
    },
    {
	.name = "yandex",
	.token = "https://oauth.yandex.com/token",
	.authorization = "https://oauth.yandex.com/authorize",
	.device = "https://oauth.yandex.com/device/code",
	.scope = "mail:smtp",
	.grant = GRANT_CODE,
	.xoauth2 = true,
    },
    {
	.name = "mail.ru",
	.token = "https://o2.mail.ru/token",
	.authorization = "https://o2.mail.ru/login",
	.scope = "mail.imap",
	.grant = GRANT_CODE,
	.xoauth2 = true,
    },
    {
	.name = "comcast",
	.token = "https://oauth.xfinity.com/oauth/token",
	.authorization = "https://oauth.xfinity.com/oauth/authorize",
	.scope = "https://email.comcast.net/ profile openid",
	.grant = GRANT_CODE,
	.xoauth2 = true,
    },
};

#define COUNT (sizeof providers / sizeof providers[0])

const struct provider *
provider_find(const char *name)
{
	for (size_t i = 0; name != NULL && i < COUNT; i++)
		if (strcmp(providers[i].name, name) == 0)
			return &providers[i];
	return NULL;
}

const char *
provider_name(size_t i)
{
	return i < COUNT ? providers[i].name : NULL;
}
