/* SPDX-License-Identifier: ISC */
/* The parts of a proxy's URL. */
#include "config/proxy.h"

#include "base/limits.h"
#include "base/span.h"
#include "base/text.h"

#include <stdint.h>
#include <string.h>

static const char *const schemes[] = {"socks5h://", "socks5://", "http://"};

/* What follows the scheme; NULL for a scheme that is not known. */
static const char *
behind_scheme(const char *proxy)
{
	for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
		if (strncmp(proxy, schemes[i], strlen(schemes[i])) == 0)
			return proxy + strlen(schemes[i]);
	return NULL;
}

const char *
proxy_place(const char *proxy)
{
	const char *at = strrchr(proxy, '@');

	return at != NULL ? at + 1 : behind_scheme(proxy);
}

bool
proxy_has_user(const char *proxy)
{
	return strchr(proxy, '@') != NULL;
}

/* NULL: there is none. It ends in front of the '@'. */
static const char *
password_of(const char *proxy)
{
	const char *login = behind_scheme(proxy);
	const char *colon = login != NULL ? strchr(login, ':') : NULL;

	return colon != NULL && colon < proxy_place(proxy) ? colon + 1 : NULL;
}

bool
proxy_has_password(const char *proxy)
{
	return password_of(proxy) != NULL;
}

void
proxy_forget_password(char *proxy)
{
	const char *password = password_of(proxy);

	if (password != NULL)
		memset(proxy + (password - proxy), '*',
		    (size_t)(proxy_place(proxy) - 1 - password));
}

/* A name, an IPv4 address, or an IPv6 one in brackets; and a port. */
static bool
is_place(const char *place)
{
	static const char letters[] = "-._:0123456789"
				      "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	const char *end = place[0] == '[' ? strchr(place, ']') : NULL;
	const char *from = end != NULL ? end + 1 : place;
	const char *colon = strchr(from, ':');
	unsigned long long port;

	if (colon == NULL || colon == place || (end != NULL && colon != from) ||
	    strspn(from, letters) != strlen(from) ||
	    (size_t)(colon - place) >= HOST_NAME_SIZE)
		return false;
	if (end != NULL && strspn(place + 1, ":.%0123456789abcdefABCDEF") !=
			       (size_t)(end - place - 1))
		return false;
	return text_number(span_of(colon + 1), UINT16_MAX, &port) && port > 0;
}

bool
proxy_is_valid(const char *proxy)
{
	const char *login = behind_scheme(proxy);

	if (login == NULL || !is_place(proxy_place(proxy)))
		return false;
	/* What is special in a URL stands there as %40 and the like. */
	for (; login < proxy_place(proxy) - 1; login++)
		if (*login <= ' ' || *login > '~' ||
		    strchr("@/?#[]", *login) != NULL)
			return false;
	return true;
}
