/* SPDX-License-Identifier: ISC */
/* The server has another key than tls-pin. */
#include "delivery/fault_pin.h"

/* The old keys may be gone for good, or come back: a relay can have several
 * hosts, and those change one after the other. */
int
fault_pin(const struct fault *f, struct error *err)
{
	char *const *pins = f->relay->tls_pins;

	error_set(err, ERR_TEMPORARY,
	    "the public key of %s is none of tls-pin; nothing was sent; if "
	    "whoever runs the relay has changed it, write tls-pin = {\"%s\"} "
	    "instead of {",
	    f->target->host, f->pin);
	for (size_t i = 0; pins != NULL && pins[i] != NULL; i++)
		error_append(err, "%s\"%s\"", i > 0 ? ", " : "", pins[i]);
	return error_append(err, "}");
}
