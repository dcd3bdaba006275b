/* SPDX-License-Identifier: ISC */
/* What every report must be. */
#ifndef STRICT_REPORT_H
#define STRICT_REPORT_H

#include "base/span.h"
#include "message/report.h"

#include <stdbool.h>

/* Ends the process unless all is a message fit to be sent, with the parts and
 * fields that it must have about r, and no others. */
void strict_report(struct span all, bool eight_bit, const struct report *r);

#endif
