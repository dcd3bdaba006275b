/* SPDX-License-Identifier: ISC */
/* The secrets on the way to a login. */
#include "delivery/keys.h"

#include "base/limits.h"
#include "config/secret.h"

int
keys_read(struct keys *k, const struct relay *relay, struct error *err)
{
	buf_init(&k->proxy, SECRET_MAX);
	buf_init(&k->own, SECRET_MAX);
	if (secret_check_key(relay, err) != 0)
		return -1;
	if (relay->proxy_password_file != NULL &&
	    secret_read_proxy(relay, &k->proxy, err) != 0)
		return -1;
	return relay->tls_key_password_file != NULL
		   ? secret_read_key(relay, &k->own, err)
		   : 0;
}

void
keys_release(struct keys *k)
{
	buf_wipe(&k->proxy);
	buf_release(&k->proxy);
	buf_wipe(&k->own);
	buf_release(&k->own);
}
