/* SPDX-License-Identifier: ISC */
/*
 * Remarks in a configuration, before libconfuse sees it: it miscounts lines
 * behind them, knows none inside lists, and does not mind a section that is
 * never closed. Private to config/.
 */
#ifndef CONFIG_REMARKS_H
#define CONFIG_REMARKS_H

#include "base/buf.h"
#include "base/error.h"

/*
 * Overwrites the remarks in text (from "#" or "//" to the end of the line,
 * and between the signs of C) with blanks; line ends stay. ERR_CONFIG, as
 * PATH:LINE: a remark, or a "{", that is never closed.
 */
int remarks_blank(struct buf *text, const char *path, struct error *err);

#endif
