/* SPDX-License-Identifier: ISC */
/* Recipients in a time, counted on disk. */
#include "queue/rate.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/text.h"
#include "queue/lock.h"
#include "queue/slot.h"

#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define HEAD "pillarbox-rate 1\n"
#define FILE_MAX (16 * KIB)

/* Whoever has the lock may be frozen by who started it. */
#define PATIENCE_MS 200

static int64_t
length_of(const struct rate_window *w)
{
	return (w->quota.seconds + RATE_PARTS - 1) / RATE_PARTS;
}

/* When the last that a part may have counted is over. */
static time_t
end_of(const struct rate_window *w, const struct rate_part *p)
{
	return (time_t)((p->number + 1) * length_of(w) + w->quota.seconds);
}

void
rate_age(struct rate_window *w, time_t now)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->part_count; i++)
		if (end_of(w, &w->part[i]) > now &&
		    w->part[i].number <= now / length_of(w))
			w->part[kept++] = w->part[i];
	w->part_count = kept;
}

time_t
rate_room(const struct rate_window *w, int64_t more, time_t now)
{
	int64_t used = 0;
	time_t when = now;

	for (size_t i = 0; i < w->part_count; i++)
		used += w->part[i].count;
	for (size_t i = 0; i < w->part_count; i++) {
		if (used + more <= w->quota.count)
			break;
		used -= w->part[i].count;
		when = end_of(w, &w->part[i]);
	}
	return when;
}

void
rate_add(struct rate_window *w, int64_t more, time_t now)
{
	int64_t number = now / length_of(w);
	struct rate_part *last =
	    w->part_count > 0 ? &w->part[w->part_count - 1] : NULL;

	if (last == NULL || last->number != number) {
		/* Never so many, once it has been aged. */
		if (w->part_count == sizeof w->part / sizeof w->part[0])
			return;
		last = &w->part[w->part_count++];
		*last = (struct rate_part){.number = number};
	}
	last->count += more;
}

/* A line of two numbers behind a word: "time SECONDS
 * LIMIT" or "sent NUMBER
 * COUNT". */
static bool
read_line(struct span line, const char *word, int64_t *one, int64_t *two)
{
	struct span first;
	unsigned long long a, b;

	if (!span_starts(line, word))
		return false;
	line = span_from(line, strlen(word));
	if (!span_cut(&line, ' ', &first) ||
	    !text_number(first, INT32_MAX * 4ULL, &a) ||
	    !text_number(line, INT32_MAX, &b))
		return false;
	*one = (int64_t)a;
	*two = (int64_t)b;
	return true;
}

static struct rate_window *
window_of(struct rate_window *list, size_t count, int64_t seconds)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].quota.seconds == seconds)
			return &list[i];
	return NULL;
}

static bool
decode(struct span text, struct rate_window *list, size_t count)
{
	struct rate_window *w = NULL;
	struct span line;
	int64_t one, two;

	if (!span_starts(text, HEAD) || text.at[text.len - 1] != '\n')
		return false;
	text = span_from(text, strlen(HEAD));
	while (span_cut(&text, '\n', &line)) {
		if (read_line(line, "time ", &one, &two)) {
			w = window_of(list, count, one);
			continue;
		}
		if (!read_line(line, "sent ", &one, &two))
			return false;
		if (w == NULL)
			continue;
		if (w->part_count == sizeof w->part / sizeof w->part[0] ||
		    (w->part_count > 0 &&
			w->part[w->part_count - 1].number >= one))
			return false;
		w->part[w->part_count++] =
		    (struct rate_part){.number = one, .count = two};
	}
	return true;
}

static void
read_file(int fd, struct rate_window *list, size_t count)
{
	char text[FILE_MAX];
	ssize_t n = io_pread(fd, text, sizeof text, 0);

	if (n > 0 && decode(span(text, (size_t)n), list, count))
		return;
	for (size_t i = 0; i < count; i++)
		list[i].part_count = 0;
}

/* In its place, since whoever waits has it open. */
static void
write_file(int fd, const struct rate_window *list, size_t count)
{
	struct buf text;

	buf_init(&text, FILE_MAX);
	buf_add_text(&text, HEAD);
	for (size_t i = 0; i < count; i++) {
		buf_printf(&text, "time %lld %lld\n",
		    (long long)list[i].quota.seconds,
		    (long long)list[i].quota.count);
		for (size_t k = 0; k < list[i].part_count; k++)
			buf_printf(&text, "sent %lld %lld\n",
			    (long long)list[i].part[k].number,
			    (long long)list[i].part[k].count);
	}
	if (buf_ok(&text) && ftruncate(fd, 0) == 0 &&
	    lseek(fd, 0, SEEK_SET) == 0)
		(void)!io_write(fd, text.at, text.len);
	buf_release(&text);
}

static int
open_locked(struct store *s, const char *relay)
{
	int64_t end = clock_monotonic_ms() + PATIENCE_MS;
	int fd = slot_open_file(s, relay, "rate");

	while (fd >= 0 && !lock_try(fd)) {
		if (clock_monotonic_ms() >= end)
			io_close(&fd);
		else
			clock_nap(1);
	}
	return fd;
}

bool
rate_take(struct store *s, const char *relay, const struct quota *quotas,
    size_t count, int64_t more, bool force, size_t *full, time_t *until)
{
	struct rate_window list[QUOTA_COUNT_MAX] = {0};
	time_t now = clock_now();
	int fd = open_locked(s, relay);

	if (fd < 0)
		return true;
	for (size_t i = 0; i < count; i++)
		list[i].quota = quotas[i];
	read_file(fd, list, count);
	*until = now;
	for (size_t i = 0; i < count; i++) {
		time_t room;

		rate_age(&list[i], now);
		room = rate_room(&list[i], more, now);
		if (room > *until) {
			*until = room;
			*full = i;
		}
	}
	if (*until == now || force) {
		for (size_t i = 0; i < count; i++)
			rate_add(&list[i], more, now);
		write_file(fd, list, count);
	}
	io_close(&fd);
	return *until == now || force;
}
