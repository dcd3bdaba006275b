/* SPDX-License-Identifier: ISC */
/* Domains beyond ASCII. */
#include "message/idn.h"

#include "base/limits.h"
#include "base/text.h"

#include <idn2.h>

bool
idn_to_ascii(struct span domain, struct buf *to)
{
	char text[DOMAIN_MAX + 1];
	char *ascii = NULL;

	if (!text_copy(text, sizeof text, domain) ||
	    idn2_to_ascii_8z(
		text, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL) != IDN2_OK)
		return false;
	buf_add_text(to, ascii);
	idn2_free(ascii);
	return true;
}
