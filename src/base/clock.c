/* SPDX-License-Identifier: ISC */
/* Time. Names of days and months are ours: strftime would ask the locale. */
#include "base/clock.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>

static const char days[7][4] = {
    "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

int64_t
clock_now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

time_t
clock_now(void)
{
	return (time_t)(clock_now_us() / 1000000);
}

int64_t
clock_monotonic_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void
clock_rfc5322(time_t when, char to[CLOCK_TEXT_SIZE])
{
	struct tm tm = {0};
	int offset;

	localtime_r(&when, &tm);
	offset = (int)(labs(tm.tm_gmtoff) / 60) % 6000;
	snprintf(to, CLOCK_TEXT_SIZE,
	    "%s, %d %s %04d %02d:%02d:%02d %c%02d%02d", days[tm.tm_wday],
	    tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour,
	    tm.tm_min, tm.tm_sec, tm.tm_gmtoff < 0 ? '-' : '+', offset / 60,
	    offset % 60);
}

void
clock_utc(time_t when, char to[CLOCK_TEXT_SIZE])
{
	struct tm tm = {0};

	gmtime_r(&when, &tm);
	snprintf(to, CLOCK_TEXT_SIZE, "%04d-%02d-%02dT%02d:%02d:%02dZ",
	    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
	    tm.tm_sec);
}

void
clock_mailq(time_t when, char to[CLOCK_TEXT_SIZE])
{
	struct tm tm = {0};

	localtime_r(&when, &tm);
	snprintf(to, CLOCK_TEXT_SIZE, "%s %s %2d %02d:%02d:%02d",
	    days[tm.tm_wday], months[tm.tm_mon], tm.tm_mday, tm.tm_hour,
	    tm.tm_min, tm.tm_sec);
}

/* Takes digits digits and, behind them, the separator. */
static bool
part(struct span *rest, size_t digits, char separator, int *value)
{
	unsigned long long n;

	if (rest->len <= digits || rest->at[digits] != separator ||
	    !text_number(span(rest->at, digits), 9999, &n))
		return false;
	*value = (int)n;
	*rest = span_from(*rest, digits + 1);
	return true;
}

time_t
clock_parse_utc(struct span text)
{
	struct tm tm = {0};
	time_t when;
	int day;

	if (!part(&text, 4, '-', &tm.tm_year) ||
	    !part(&text, 2, '-', &tm.tm_mon) ||
	    !part(&text, 2, 'T', &tm.tm_mday) ||
	    !part(&text, 2, ':', &tm.tm_hour) ||
	    !part(&text, 2, ':', &tm.tm_min) ||
	    !part(&text, 2, 'Z', &tm.tm_sec) || text.len != 0)
		return -1;
	if (tm.tm_mon < 1 || tm.tm_mon > 12 || tm.tm_mday < 1 ||
	    tm.tm_mday > 31 || tm.tm_hour > 23 || tm.tm_min > 59 ||
	    tm.tm_sec > 59)
		return -1;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	day = tm.tm_mday;
	when = timegm(&tm);
	/* February 30 would have become March 2. */
	return tm.tm_mday == day ? when : -1;
}

void
clock_duration(time_t seconds, char to[CLOCK_TEXT_SIZE])
{
	static const struct {
		time_t seconds;
		char unit;
	} units[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
	size_t i = 0;

	if (seconds < 0)
		seconds = 0;
	while (units[i].seconds > 1 && seconds < units[i].seconds)
		i++;
	snprintf(to, CLOCK_TEXT_SIZE, "%lld%c",
	    (long long)(seconds / units[i].seconds), units[i].unit);
}
