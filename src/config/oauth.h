/* SPDX-License-Identifier: ISC */
/* How a relay's token is had (RFC 6749), as the section oauth says it. */
#ifndef CONFIG_OAUTH_H
#define CONFIG_OAUTH_H

#include <stdbool.h>

enum grant {
	GRANT_CODE,   /* a person, in a browser (RFC 6749 4.1, 7636, 8252) */
	GRANT_DEVICE, /* a person, on another device (RFC 8628) */
	GRANT_CLIENT, /* nobody: the client itself (RFC 6749 4.4) */
	GRANT_COMMAND /* a program prints it */
};

/* All texts but those that may be NULL are there: what lacks one is no
 * configuration (check_oauth.h). */
struct oauth {
	enum grant grant;
	char *client_id;
	char *client_secret_file; /* NULL: a public client */
	char *scope;
	char *token_endpoint;
	char *authorization_endpoint; /* NULL unless for GRANT_CODE */
	char *device_endpoint;        /* NULL unless for GRANT_DEVICE */
	char *redirect; /* http://HOST of this host, a port comes behind it; or
			   a whole https address; for GRANT_CODE */
	char *tenant;   /* in the endpoints; NULL: not given */
	char *login;    /* whose token it is, for a hint; NULL: the user */
	char *ca_file;  /* vouches for the endpoints; NULL: the system's */
	char **token_command;   /* for GRANT_COMMAND */
	const char *parameters; /* of an authorization request, or "" */
	bool xoauth2;           /* that, and never OAUTHBEARER */
};

#endif
