/* SPDX-License-Identifier: ISC */
/* A borrowed slice of bytes. It owns nothing and need not end in NUL. */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

struct span {
	const char *at;
	size_t len;
};

/* For printf's "%.*s". */
#define SPAN_ARG(s) (int)(s).len, (s).at

static inline struct span
span(const char *at, size_t len)
{
	return (struct span){.at = at, .len = len};
}

static inline struct span
span_of(const char *text)
{
	return span(text, strlen(text));
}

/* What is left of s after its first n bytes (n at most s.len). */
static inline struct span
span_from(struct span s, size_t n)
{
	return span(s.at + n, s.len - n);
}

static inline bool
span_is(struct span s, const char *text)
{
	return s.len == strlen(text) && memcmp(s.at, text, s.len) == 0;
}

/* The same without regard to case, for keywords of the protocols (ASCII). */
static inline bool
span_is_nocase(struct span s, const char *text)
{
	return s.len == strlen(text) && strncasecmp(s.at, text, s.len) == 0;
}

static inline bool
span_same_nocase(struct span a, struct span b)
{
	return a.len == b.len && strncasecmp(a.at, b.at, a.len) == 0;
}

static inline bool
span_starts(struct span s, const char *text)
{
	size_t n = strlen(text);

	return s.len >= n && memcmp(s.at, text, n) == 0;
}

static inline bool
span_starts_nocase(struct span s, const char *text)
{
	size_t n = strlen(text);

	return s.len >= n && strncasecmp(s.at, text, n) == 0;
}

/* s without blanks (space, tab, CR, LF) at both ends. */
static inline struct span
span_trim(struct span s)
{
	while (s.len > 0 && strchr(" \t\r\n", s.at[0]) != NULL && s.at[0])
		s = span_from(s, 1);
	while (s.len > 0 && s.at[s.len - 1] &&
	       strchr(" \t\r\n", s.at[s.len - 1]) != NULL)
		s.len--;
	return s;
}

/*
 * Takes from *rest the bytes up to the first c and steps over it; all of
 * *rest if there is no c. Returns false when *rest was empty.
 */
static inline bool
span_cut(struct span *rest, char c, struct span *part)
{
	const char *hit;

	if (rest->len == 0)
		return false;
	hit = memchr(rest->at, c, rest->len);
	part->at = rest->at;
	part->len = hit ? (size_t)(hit - rest->at) : rest->len;
	*rest = span_from(*rest, hit ? part->len + 1 : part->len);
	return true;
}

#endif
