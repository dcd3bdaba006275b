/* SPDX-License-Identifier: ISC */
/* Dates of header fields. */
#include "message/date.h"

#include "base/limits.h"
#include "base/text.h"
#include "message/encoded.h"
#include "message/header.h"

#include <time.h>

/* +hhmm, or letters such as GMT. */
static bool
is_zone(struct span zone)
{
	unsigned long long n;

	if (zone.len == 5 && (zone.at[0] == '+' || zone.at[0] == '-'))
		return text_number(span_from(zone, 1), 9999, &n);
	for (size_t i = 0; i < zone.len; i++)
		if ((zone.at[i] | 0x20) < 'a' || (zone.at[i] | 0x20) > 'z')
			return false;
	return zone.len > 0 && zone.len <= 5;
}

/* Of the date, time and zone that text begins with; 0 if it does not. */
static size_t
date_length(const char *text)
{
	static const char *const forms[] = {
	    "%d %b %Y %H:%M:%S", "%d %b %Y %H:%M", "%d %b %y %H:%M:%S"};

	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		struct tm tm = {0};
		const char *end = strptime(text, forms[i], &tm);
		size_t n;

		if (end == NULL)
			continue;
		end += strspn(end, " \t");
		n = strcspn(end, " \t(");
		if (is_zone(span(end, n)))
			return (size_t)(end - text) + n;
	}
	return 0;
}

bool
date_find(struct span body, struct buf *to)
{
	char text[TEXT_LINE_MAX + 1];
	const char *begin = text;
	struct span date;
	struct buf line;

	buf_init(&line, HEADER_BLOCK_MAX);
	header_unfold(body, &line);
	text_copy(text, sizeof text, buf_span(&line));
	buf_release(&line);
	/* A comma in a comment is none. */
	begin += strcspn(text, ",(");
	begin = *begin == ',' ? begin + 1 : text;
	begin += strspn(begin, " \t");
	date = span(begin, date_length(begin));
	/* strptime() takes any blanks. */
	if (date.len == 0 || encoded_is_needed(date))
		return false;
	buf_add_span(to, date);
	return true;
}
