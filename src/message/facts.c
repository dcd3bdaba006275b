/* SPDX-License-Identifier: ISC */
/* What there is to know of a stretch of content. */
#include "message/facts.h"

#include "base/limits.h"

void
facts_init(struct facts *f)
{
	*f = (struct facts){0};
}

/* So many octets at once that a sum of ones fits into an octet. */
#define BLOCK 64

struct sums {
	size_t eight_bit, odd, cr, nul;
};

static void
add_block(struct sums *sums, const unsigned char *at, size_t len)
{
	unsigned char eight_bit = 0, odd = 0, cr = 0, nul = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned char c = at[i];

		eight_bit = (unsigned char)(eight_bit + (c >> 7));
		odd = (unsigned char)(odd +
				      ((c < 0x20) | (c > 0x7e) | (c == '=')));
		cr = (unsigned char)(cr + (c == '\r'));
		nul = (unsigned char)(nul + (c == '\0'));
	}
	sums->eight_bit += eight_bit;
	sums->odd += odd;
	sums->cr += cr;
	sums->nul += nul;
}

/* Loops without branches and of known length, which compilers make wide. */
static void
count_octets(struct facts *f, const unsigned char *at, size_t len)
{
	struct sums sums = {0};
	size_t i = 0;

	for (; i + BLOCK <= len; i += BLOCK)
		add_block(&sums, at + i, BLOCK);
	add_block(&sums, at + i, len - i);
	f->eight_bit += (int64_t)sums.eight_bit;
	f->odd += (int64_t)sums.odd;
	f->cr += (int64_t)sums.cr;
	f->nul = f->nul || sums.nul > 0;
}

static void
count_lines(struct facts *f, struct span bytes)
{
	const char *lf;

	while ((lf = memchr(bytes.at, '\n', bytes.len)) != NULL) {
		size_t n = (size_t)(lf - bytes.at);
		char before = n > 0 ? lf[-1] : f->last;
		int64_t len = f->line + (int64_t)n;

		if (before == '\r' && len > 0) {
			f->crlf++;
			len--;
		}
		if (len > f->longest)
			f->longest = len;
		f->lines++;
		f->line = 0;
		f->last = '\n';
		bytes = span_from(bytes, n + 1);
	}
	f->line += (int64_t)bytes.len;
	if (bytes.len > 0)
		f->last = bytes.at[bytes.len - 1];
}

void
facts_take(struct facts *f, struct span bytes)
{
	if (bytes.len == 0)
		return;
	f->octets += (int64_t)bytes.len;
	count_octets(f, (const unsigned char *)bytes.at, bytes.len);
	count_lines(f, bytes);
	/* A CR at the end of a piece may belong to a line end. */
	if (f->line - (f->last == '\r') > f->longest)
		f->longest = f->line - (f->last == '\r');
}

bool
facts_is_open(const struct facts *f)
{
	return f->line > 0;
}

int64_t
facts_wire_least(const struct facts *f)
{
	return f->octets + f->lines - f->crlf;
}

int64_t
facts_wire_size(const struct facts *f)
{
	return facts_wire_least(f) + (facts_is_open(f) ? 2 : 0);
}

bool
facts_is_unfit(const struct facts *f)
{
	return f->nul || f->cr > f->crlf || f->longest > TEXT_LINE_MAX;
}

bool
facts_prefers_quoted(const struct facts *f)
{
	/* The line ends among the odd ones cost nothing. */
	int64_t coded = f->odd - f->lines - f->crlf;
	int64_t quoted = f->octets + 2 * coded;

	return quoted + quoted / 25 <= f->octets * 4 / 3 + f->octets * 4 / 114;
}
