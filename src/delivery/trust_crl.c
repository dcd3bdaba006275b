/* SPDX-License-Identifier: ISC */
/* Lists of revoked certificates. */
#include "delivery/trust.h"

#include "base/clock.h"

#include <gnutls/x509.h>
#include <stdio.h>

static time_t
first_end(gnutls_x509_crl_t *list, unsigned count)
{
	time_t first = (time_t)-1;

	for (unsigned i = 0; i < count; i++) {
		time_t end = gnutls_x509_crl_get_next_update(list[i]);

		if (end != (time_t)-1 && (first == (time_t)-1 || end < first))
			first = end;
		gnutls_x509_crl_deinit(list[i]);
	}
	gnutls_free(list);
	return first;
}

bool
trust_check_crl(const char *path, struct doubt *d)
{
	gnutls_datum_t text = {0};
	gnutls_x509_crl_t *list;
	char when[CLOCK_TEXT_SIZE];
	unsigned count = 0;
	time_t end;
	int rc;

	/* What cannot be read libcurl has refused already. */
	if (gnutls_load_file(path, &text) != 0)
		return true;
	rc = gnutls_x509_crl_list_import2(
	    &list, &count, &text, GNUTLS_X509_FMT_PEM, 0);
	gnutls_free(text.data);
	if (rc < 0)
		return true;
	end = first_end(list, count);
	if (end == (time_t)-1 || end >= clock_now())
		return true;
	clock_mailq(end, when);
	snprintf(d->why, sizeof d->why,
	    "the list of revoked ones is over since %s", when);
	d->remedy = "fetch tls-crl-file anew";
	return false;
}
