/* SPDX-License-Identifier: ISC */
/* Tokens as a delivery will find them. */
#include "oauth/look.h"

#include "oauth/cache.h"

int
oauth_look(
    const struct config *config, const struct relay *relay, struct error *err)
{
	struct token t = {0};
	struct cache c;
	int rc;

	if (cache_open(&c, config, relay->name, err) != 0)
		return -1;
	rc = cache_read(&c, &t, err);
	if (rc == 0 && t.given_up != NULL) {
		rc = error_set(err, ERR_PERMISSION, "%s", t.given_up);
	} else if (rc == 0 && t.refresh_token == NULL) {
		rc = 1;
		error_set(err, ERR_PERMISSION, "there is no token yet");
	}
	if (rc == 1)
		error_append(
		    err, "; run: pillarbox --authorize %s", relay->name);
	token_release(&t);
	cache_close(&c);
	return rc == 0 ? 0 : -1;
}
