/* SPDX-License-Identifier: ISC */
/* The server is not proved by its TLSA records. */
#include "delivery/fault_dane.h"

bool
fault_is_of_records(const struct fault *f)
{
	return f->dane != NULL && f->dane->shown[0] != '\0' &&
	       f->dane->about == NULL;
}

int
fault_records(const struct fault *f, struct error *err)
{
	char records[DANE_TEXT_SIZE];

	dane_list(f->dane, records, sizeof records);
	return error_set(err, ERR_TEMPORARY,
	    "the certificate of %s is not what its TLSA records say (%s: %s); "
	    "nothing was sent; if it is the right one, whoever runs the relay "
	    "must publish %s",
	    f->target->host, f->dane->name, records, f->dane->shown);
}

int
fault_no_records(const struct dane *d, struct error *err)
{
	char text[DANE_TEXT_SIZE];

	dane_text(d, text);
	return error_set(err, ERR_TEMPORARY,
	    "%s is to be proved by DANE, and %s; nothing was sent; if that is "
	    "as it should be, write tls-dane = prefer",
	    d->host, text);
}
