/* SPDX-License-Identifier: ISC */
/* Small questions about text. */
#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define WORD_MAX 31

/* In place of a secret, whose length they do not tell. */
#define STARS 4

/* So many of its first bytes are taken for a secret that was cut. */
#define TELLING 16

void
text_make_printable(char *text)
{
	for (; *text != '\0'; text++) {
		/* U+0080 to U+009F are controls too, in two bytes. */
		bool c1 = (unsigned char)text[0] == 0xc2 &&
			  ((unsigned char)text[1] & 0xe0) == 0x80;

		if (text_is_control(*text) || c1)
			*text = '?';
		if (c1)
			*++text = '?';
	}
}

void
text_hide(char *text, struct span secret)
{
	size_t stars = secret.len < STARS ? secret.len : STARS;
	size_t least = secret.len < TELLING ? secret.len : TELLING;
	char *to = text;

	while (*text != '\0' && secret.len > 0) {
		size_t n = 0;

		while (n < secret.len && text[n] == secret.at[n] && text[n])
			n++;
		if (n < least) {
			*to++ = *text++;
			continue;
		}
		memset(to, '*', stars);
		to += stars;
		text += n;
	}
	if (secret.len > 0)
		*to = '\0';
}

void
text_copy_printable(char *to, size_t size, struct span s)
{
	size_t n = s.len < size ? s.len : size - 1;

	for (size_t i = 0; i < n; i++)
		to[i] = s.at[i] == '\0' ? '?' : s.at[i];
	to[n] = '\0';
	text_make_printable(to);
}

bool
text_copy(char *to, size_t size, struct span s)
{
	to[0] = '\0';
	if (s.len >= size || memchr(s.at, '\0', s.len) != NULL)
		return false;
	memcpy(to, s.at, s.len);
	to[s.len] = '\0';
	return true;
}

bool
text_number(struct span s, unsigned long long max, unsigned long long *value)
{
	unsigned long long n = 0;

	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		unsigned digit;

		if (!text_is_digit(s.at[i]))
			return false;
		digit = (unsigned)(s.at[i] - '0');
		if (n > (max - digit) / 10 || digit > max)
			return false;
		n = n * 10 + digit;
	}
	*value = n;
	return true;
}

bool
text_is_plain_name(const char *text)
{
	static const char allowed[] = "0123456789._-abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	return text[0] != '\0' && text[0] != '.' &&
	       text[strspn(text, allowed)] == '\0';
}

char *
text_count(char *to, size_t size, size_t n, const char *noun)
{
	snprintf(to, size, "%zu %s%s", n, noun, n == 1 ? "" : "s");
	return to;
}

static size_t
least(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

size_t
text_distance(const char *a, const char *b)
{
	size_t d[WORD_MAX + 1][WORD_MAX + 1];
	size_t la = strlen(a), lb = strlen(b);

	if (la > WORD_MAX || lb > WORD_MAX)
		return SIZE_MAX;
	for (size_t i = 0; i <= la; i++)
		d[i][0] = i;
	for (size_t j = 0; j <= lb; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= la; i++) {
		for (size_t j = 1; j <= lb; j++) {
			size_t change = a[i - 1] != b[j - 1];

			d[i][j] = least(d[i - 1][j] + 1, d[i][j - 1] + 1,
			    d[i - 1][j - 1] + change);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && d[i - 2][j - 2] < d[i][j])
				d[i][j] = d[i - 2][j - 2] + 1;
		}
	}
	return d[la][lb];
}

const char *
text_nearest(const char *word, const char *const *names, size_t n)
{
	size_t best = strlen(word) / 3 + 2;
	const char *found = NULL;

	for (size_t i = 0; i < n; i++) {
		size_t distance = text_distance(word, names[i]);

		if (distance < best) {
			best = distance;
			found = names[i];
		}
	}
	return found;
}
