/* SPDX-License-Identifier: ISC */
/* The file of a relay that is out of order. */
#include "queue/pause_text.h"

#include "base/clock.h"
#include "base/text.h"

#include <limits.h>

/* The value of the next line, which must begin with key and a blank, and must
 * have its end. */
static bool
take_line(struct span *rest, const char *key, struct span *value)
{
	size_t n = strlen(key);

	if (memchr(rest->at, '\n', rest->len) == NULL ||
	    !span_cut(rest, '\n', value) || !span_starts(*value, key) ||
	    value->len <= n || value->at[n] != ' ')
		return false;
	*value = span_from(*value, n + 1);
	return true;
}

static bool
take_time(struct span *rest, const char *key, time_t *when)
{
	struct span value;

	if (!take_line(rest, key, &value))
		return false;
	*when = clock_parse_utc(value);
	return *when >= 0;
}

/* A line that need not be there. */
static bool
take_uid(struct span *rest, uid_t *uid)
{
	struct span value;
	unsigned long long n;

	*uid = PAUSE_ALL;
	if (!span_starts(*rest, "uid "))
		return true;
	if (!take_line(rest, "uid", &value) ||
	    !text_number(value, UINT32_MAX - 1, &n))
		return false;
	*uid = (uid_t)n;
	return true;
}

bool
pause_decode(struct span rest, struct pause *p)
{
	struct span value;
	unsigned long long n;

	if (!take_line(&rest, "pillarbox-relay", &value) ||
	    !span_is(value, "1") || !take_line(&rest, "failures", &value) ||
	    !text_number(value, UINT_MAX, &n) || n == 0)
		return false;
	p->failures = (unsigned)n;
	if (!take_time(&rest, "since", &p->since) ||
	    !take_time(&rest, "until", &p->until) ||
	    !take_uid(&rest, &p->uid) || !take_line(&rest, "why", &value) ||
	    rest.len > 0)
		return false;
	text_copy_printable(p->why, sizeof p->why, value);
	return true;
}

void
pause_encode(const struct pause *p, struct buf *to)
{
	char since[CLOCK_TEXT_SIZE], until[CLOCK_TEXT_SIZE];
	char why[REPLY_TEXT_MAX];

	clock_utc(p->since, since);
	clock_utc(p->until, until);
	text_copy_printable(why, sizeof why, span_of(p->why));
	buf_printf(to, "pillarbox-relay 1\nfailures %u\nsince %s\nuntil %s\n",
	    p->failures, since, until);
	if (p->uid != PAUSE_ALL)
		buf_printf(to, "uid %lu\n", (unsigned long)p->uid);
	buf_printf(to, "why %s\n", why);
}
