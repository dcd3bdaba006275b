/* SPDX-License-Identifier: ISC */
/* PINs, and passwords of keys. */
#include "delivery/trust.h"

#include <gnutls/gnutls.h>
#include <gnutls/pkcs11.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>

#define WRONG                                     \
	(GNUTLS_PKCS11_TOKEN_USER_PIN_COUNT_LOW | \
	    GNUTLS_PKCS11_TOKEN_USER_PIN_FINAL_TRY)

bool
trust_check_token(const char *address, struct doubt *d)
{
	unsigned flags = 0;

	*d = (struct doubt){.remedy = ""};
	/* What is wrong with one that is not there is said when it is used. */
	if (gnutls_pkcs11_token_get_flags(address, &flags) != 0)
		return true;
	if ((flags & GNUTLS_PKCS11_TOKEN_USER_PIN_LOCKED) != 0) {
		snprintf(d->why, sizeof d->why,
		    "the token is locked, after too many wrong PINs");
		d->remedy = "its security officer can unlock it";
		return false;
	}
	if ((flags & WRONG) == 0)
		return true;
	snprintf(d->why, sizeof d->why,
	    "the token was given a wrong PIN, and locks itself after %s",
	    (flags & GNUTLS_PKCS11_TOKEN_USER_PIN_FINAL_TRY) != 0
		? "the next one"
		: "a few");
	d->remedy = "mend the PIN, and give the right one once by hand";
	return false;
}

void
trust_forget_key(void *session, const char *password)
{
	void *own = NULL;
	size_t n = strlen(password);
	char *at, *end;

	if (n == 0 ||
	    gnutls_credentials_get(session, GNUTLS_CRD_CERTIFICATE, &own) !=
		0 ||
	    own == NULL)
		return;
	at = own;
	end = at + malloc_usable_size(own);
	while ((at = memmem(at, (size_t)(end - at), password, n)) != NULL)
		explicit_bzero(at, n);
}
