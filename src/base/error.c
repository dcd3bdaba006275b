/* SPDX-License-Identifier: ISC */
/* Recording of failures. */
#include "base/error.h"

#include "base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static int
set(struct error *err, enum error_kind kind, const char *fmt, va_list ap)
{
	err->kind = kind;
	vsnprintf(err->text, sizeof err->text, fmt, ap);
	text_make_printable(err->text);
	return -1;
}

int
error_set(struct error *err, enum error_kind kind, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set(err, kind, fmt, ap);
	va_end(ap);
	return -1;
}

int
error_errno(struct error *err, enum error_kind kind, const char *fmt, ...)
{
	int saved = errno;
	size_t used;
	va_list ap;

	va_start(ap, fmt);
	set(err, kind, fmt, ap);
	va_end(ap);
	used = strlen(err->text);
	snprintf(
	    err->text + used, sizeof err->text - used, ": %s", strerror(saved));
	return -1;
}

int
error_prefix(struct error *err, const char *fmt, ...)
{
	char old[sizeof err->text];
	size_t used;
	va_list ap;

	memcpy(old, err->text, sizeof old);
	va_start(ap, fmt);
	set(err, err->kind, fmt, ap);
	va_end(ap);
	used = strlen(err->text);
	snprintf(err->text + used, sizeof err->text - used, ": %s", old);
	return -1;
}

int
error_append(struct error *err, const char *fmt, ...)
{
	size_t used = strlen(err->text);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err->text + used, sizeof err->text - used, fmt, ap);
	va_end(ap);
	text_make_printable(err->text);
	return -1;
}
