/* SPDX-License-Identifier: ISC */
/*
 * pillarbox.conf, read once and never changed afterwards. The only user of
 * libconfuse. What each setting means is in pillarbox.conf(5).
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/quota.h"
#include "config/oauth.h"
#include "message/complete.h"
#include "message/identity.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum delivery_mode {
	DELIVERY_BACKGROUND, /* -odb */
	DELIVERY_FOREGROUND, /* -odi */
	DELIVERY_QUEUE,      /* -odq */
};

enum tls_mode {
	TLS_IMPLICIT,
	TLS_STARTTLS,
	TLS_NONE,
};

/* Do TLSA records prove a host (RFC 7671)? */
enum dane_mode {
	DANE_OFF,
	DANE_PREFER,  /* if it has any that are proved themselves */
	DANE_REQUIRE, /* without them it is not trusted */
};

/* What is spoken to a relay. */
enum protocol {
	PROTOCOL_SMTP, /* RFC 5321 */
	PROTOCOL_LMTP, /* RFC 2033: without a login, and without STARTTLS */
};

/* Which addresses of a host are tried. */
enum family {
	FAMILY_ANY,
	FAMILY_IPV4,
	FAMILY_IPV6,
};

struct relay {
	char name[RELAY_NAME_SIZE];
	char *srv;    /* the domain whose SRV records name the hosts, or NULL */
	char **hosts; /* without srv at least one; paths of sockets, or none is;
			 ends in NULL */
	enum protocol protocol;
	uint16_t port;
	enum tls_mode tls;
	enum family family;
	char *proxy; /* a URL (proxy.h), perhaps with a login; NULL: none */
	char *proxy_user;          /* NULL: that of proxy, or none */
	char *proxy_password_file; /* goes with proxy_user */
	char *source_address;      /* NULL: the kernel chooses */
	char *tls_ca_file;         /* NULL: the system's */
	char **tls_pins;    /* public keys, one of which it must have; ends in
			       NULL; empty: any */
	char *tls_crl_file; /* NULL: none */
	bool tls_1_3;       /* nothing older */
	bool tls_pin_only;  /* these alone prove it */
	enum dane_mode dane;
	char *tls_certificate;       /* ours: a path, or a PKCS #11 URI
					(RFC 7512); NULL: none */
	char *tls_key;               /* its key; NULL: stands beside it */
	char *tls_key_password_file; /* one of these three at most: where that
					of the key is, */
	char **tls_key_password_command;   /* argv of what prints it, */
	char *tls_key_password_credential; /* or its name at systemd's */
	unsigned auth;             /* mechanisms that may be used (mechanism.h);
				      those of a token with oauth */
	char *user;                /* NULL: no login, unless by EXTERNAL */
	char *password;            /* NULL, or the password itself */
	char *password_file;       /* NULL, or where it is */
	char **password_command;   /* NULL, or argv of what prints it */
	char *password_credential; /* NULL, or its name at systemd's */
	char *netrc_file;          /* NULL, or a netrc that has it */
	struct oauth *oauth;       /* NULL: no token, but a password */
	char **senders;            /* patterns; ends in NULL */
	char *from;                /* NULL: none; else by identity a user */
	enum identity_mode identity;
	char **masquerade;          /* "DOMAIN=DOMAIN"; ends in NULL */
	int64_t timeout_ms;         /* of one step of the dialogue */
	int64_t connect_timeout_ms; /* of reaching one host, login included */
	size_t connections;         /* at a time, for each user who calls */
	size_t per_connection;      /* messages; 0: no limit */
	size_t window;              /* messages under way at a time, */
	int64_t window_size;        /* and their octets */
	struct quota rate[QUOTA_COUNT_MAX]; /* of recipients */
	size_t rate_count;                  /* 0: no limit */
	int64_t linger_ms; /* a session waits for more; 0: not at all */
};

struct config {
	char *path; /* of the file, for messages */
	bool own;   /* the user's own, not the system's */
	char host_name[HOST_NAME_SIZE];
	char **own_names;      /* of this host, host_name first; ends in NULL */
	char *domain;          /* for bare names; NULL: none */
	char *aliases;         /* the file; NULL: none */
	bool aliases_may_miss; /* nobody has named it */
	int64_t max_size;      /* octets */
	bool extract_remove;   /* -t takes arguments away, as Exim's does */
	enum delivery_mode delivery;
	int64_t foreground_timeout_ms; /* of a try that a caller waits for */
	enum received received;
	enum log_target log;
	bool log_json;
	char *queue_path;
	bool queue_enabled;
	int64_t retry[RETRY_COUNT_MAX]; /* seconds between attempts */
	size_t retry_count;             /* at least one */
	int64_t lifetime;               /* seconds in the queue */
	int64_t warn_after;             /* seconds; 0: never */
	struct relay *relays;
	size_t relay_count;
	char *default_relay; /* NULL: none */
};

/*
 * Reads the configuration: the file given (-C), else $PILLARBOX_CONFIG, else
 * the user's own if there is one, else the system's. With the rights of the
 * process.
 *
 * ERR_CONFIG, as FILE:LINE: what is wrong and what to do; also for a file
 * with a password in it that others can read. A password is seen to be there,
 * and is empty.
 */
int config_load(struct config *c, const char *given, struct error *err);

/*
 * The same for a helper, which may have rights that its caller has not: the
 * file given (its caller's rights are taken on before), else the system's.
 * Neither the environment nor anybody's home is asked. This one has the
 * passwords.
 */
int config_load_helper(struct config *c, const char *given, struct error *err);

void config_release(struct config *c);

/* The relay of that name, or NULL. */
const struct relay *config_relay(const struct config *c, const char *name);

/* The relay that default-relay names; NULL with ERR_CONFIG if none has that
 * name. */
const struct relay *config_default(const struct config *c, struct error *err);

/*
 * The relay for an envelope sender: name if not NULL (--relay), else the
 * first whose senders match, else the default one, else the only one.
 * NULL with ERR_CONFIG when there is none.
 */
const struct relay *config_route(const struct config *c, const char *sender,
    const char *name, struct error *err);

/*
 * What senders become at relay, for identity_of(), which also says why, and
 * authors_rewrite(). It borrows from both.
 */
struct identity config_identity(
    const struct config *c, const struct relay *relay);

#endif
