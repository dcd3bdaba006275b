/* SPDX-License-Identifier: ISC */
/* What was mended. */
#include "message/mends.h"

#include "base/limits.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>

#define LINE_SIZE 256

void
mends_init(struct mends *m)
{
	buf_init(&m->lines, 64 * KIB);
}

void
mends_release(struct mends *m)
{
	buf_release(&m->lines);
}

void
mends_add(struct mends *m, const char *fmt, ...)
{
	char line[LINE_SIZE];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	text_make_printable(line);
	if (m->lines.ceiling - m->lines.len < sizeof line)
		return;
	buf_add_text(&m->lines, line);
	buf_add_byte(&m->lines, '\n');
}
