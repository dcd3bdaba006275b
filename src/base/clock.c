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

void
clock_nap(int ms)
{
	const struct timespec wait = {
	    .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};

	nanosleep(&wait, NULL);
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
clock_syslog(time_t when, char to[CLOCK_TEXT_SIZE])
{
	struct tm tm = {0};

	localtime_r(&when, &tm);
	snprintf(to, CLOCK_TEXT_SIZE, "%s %2d %02d:%02d:%02d",
	    months[tm.tm_mon], tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
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

/*
 * Local time changes on whole quarters of an hour, so one question answers for
 * all times in one: a listing has thousands of them. A zone that is off by
 * other than quarters is asked each time.
 */
#define QUARTER 900

static void
local_time(struct clock_quarter *q, time_t when, struct tm *tm)
{
	time_t into = when % QUARTER;

	if (into < 0 || (q->known && q->begin != when - into))
		q->known = false;
	if (!q->known) {
		q->begin = when - into;
		q->tm = (struct tm){0};
		localtime_r(&q->begin, &q->tm);
		q->known = into >= 0 && q->tm.tm_sec == 0 &&
			   q->tm.tm_min * 60 % QUARTER == 0;
	}
	if (!q->known) {
		*tm = (struct tm){0};
		localtime_r(&when, tm);
		return;
	}
	*tm = q->tm;
	tm->tm_min += (int)into / 60;
	tm->tm_sec = (int)into % 60;
}

/* Two digits, without printf's machinery. */
static char *
put_two(char *to, int value, char separator)
{
	to[0] = (char)('0' + value / 10 % 10);
	to[1] = (char)('0' + value % 10);
	to[2] = separator;
	return to + 3;
}

void
clock_mailq_many(struct clock_quarter *q, time_t when, char to[CLOCK_TEXT_SIZE])
{
	struct tm tm;

	local_time(q, when, &tm);
	memcpy(to, days[tm.tm_wday], 3);
	to[3] = ' ';
	memcpy(to + 4, months[tm.tm_mon], 3);
	to[7] = ' ';
	to = put_two(to + 8, tm.tm_mday, ' ');
	if (to[-3] == '0')
		to[-3] = ' ';
	to = put_two(to, tm.tm_hour, ':');
	to = put_two(to, tm.tm_min, ':');
	put_two(to, tm.tm_sec, '\0');
}

void
clock_mailq(time_t when, char to[CLOCK_TEXT_SIZE])
{
	struct clock_quarter q = {0};

	clock_mailq_many(&q, when, to);
}

/* Takes n digits at at; false if they are none. */
static bool
digits(const char *at, int n, int *value)
{
	*value = 0;
	for (int i = 0; i < n; i++) {
		if (!text_is_digit(at[i]))
			return false;
		*value = *value * 10 + at[i] - '0';
	}
	return true;
}

static bool
is_leap_year(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days from 1970 to that day (Gregorian; month 1 to 12), or false if no
 * calendar has it. */
static bool
count_days(int year, int month, int day, int64_t *count)
{
	static const int before[] = {
	    0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};
	int64_t past = year > 0 ? year - 1 : 0;
	int leap = is_leap_year(year);
	int in_month;

	if (year < 1 || month < 1 || month > 12)
		return false;
	in_month = before[month] - before[month - 1] + (month == 2 && leap);
	if (day < 1 || day > in_month)
		return false;
	*count = past * 365 + past / 4 - past / 100 + past / 400 - 719162 +
		 before[month - 1] + (month > 2 && leap) + day - 1;
	return true;
}

time_t
clock_parse_utc(struct span text)
{
	static const char form[] = "....-..-..T..:..:..Z";
	int year, month, day, hour, minute, second;
	int64_t count;

	if (text.len != sizeof form - 1)
		return -1;
	for (size_t i = 0; i < text.len; i++)
		if (form[i] != '.' && form[i] != text.at[i])
			return -1;
	if (!digits(text.at, 4, &year) || !digits(text.at + 5, 2, &month) ||
	    !digits(text.at + 8, 2, &day) || !digits(text.at + 11, 2, &hour) ||
	    !digits(text.at + 14, 2, &minute) ||
	    !digits(text.at + 17, 2, &second) || hour > 23 || minute > 59 ||
	    second > 59 || !count_days(year, month, day, &count))
		return -1;
	return (time_t)(((count * 24 + hour) * 60 + minute) * 60 + second);
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
