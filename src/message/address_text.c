/* SPDX-License-Identifier: ISC */
/* Addresses beyond ASCII: apart from the others, so that the store need not
 * load what knows UTF-8. */
#include "message/address.h"

#include "message/utf8.h"

int
address_check(struct span address, struct error *err)
{
	/* RFC 6531 3.3 */
	if (address_is_utf8(address) && !utf8_is_valid(address))
		return error_set(
		    err, ERR_RECIPIENT, "bytes that are no UTF-8 in address");
	return address_check_form(address, err);
}
