/* SPDX-License-Identifier: ISC */
/* The messages of test_intake.c, and what must become of them. */
#ifndef INTAKE_CASES_H
#define INTAKE_CASES_H

#include "base/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static const struct {
	const char *name, *in, *head, *body;
	bool eight_bit;
} cases[] = {
    {"LF", "A: b\nC: d\n\nx\ny\n", "A: b\r\nC: d\r\n", "x\ny\n", false},
    {"CR LF", "A: b\r\nC: d\r\n\r\nx\r\ny\r\n", "A: b\r\nC: d\r\n",
	"x\r\ny\r\n", false},
    {"CR CR LF", "A: b\r\r\nC: d\r\r\n\r\r\nx\r\r\ny\r\r\n", "A: b\r\nC: d\r\n",
	"x\r\r\ny\r\r\n", false},
    {"mixed", "A: b\nC: d\r\n\r\r\nx\ny\r\n\n\r\nz", "A: b\r\nC: d\r\n",
	"x\ny\r\n\n\r\nz", false},
    {"CR in the body", "A: b\n\nx\ry\r", "A: b\r\n", "x\ry\r", false},
    {"CR at a line start", "\nx\n\ry\n", "", "x\n\ry\n", false},
    {"CR behind CR LF", "\nx\r\n\ry\r\n", "", "x\r\n\ry\r\n", false},
    {"two CR in the body", "\nx\r\ry\n", "", "x\r\ry\n", false},
    {"CR in a body without a header", "Hi,\rall\n", "", "Hi,\rall\n", false},
    {"two CR there", "Hi\r\rall\r\n", "", "Hi\r\rall\r\n", false},
    {"CR CR LF there", "Hi\r\r\nall\n", "", "Hi\r\r\nall\n", false},
    {"CR behind a body line", "A: b\nHi\r\rall\n", "A: b\r\n", "Hi\r\rall\n",
	false},
    {"CR in the header", "A: b\rBcc: c\nC: d\n\n", "A: b Bcc: c\r\nC: d\r\n",
	"", false},
    {"two CR in the header", "A: b\r\rc\n\n", "A: b  c\r\n", "", false},
    {"CR in a fold", "A: b\n \rc\n\n", "A: b\r\n  c\r\n", "", false},
    {"CR at a line start of the header", "A: b\r\n\rx: y\n\nz\n",
	"A: b\r\n x: y\r\n", "z\n", false},
    {"CR at the end of the header", "A: b\r", "A: b\r\n", "", false},
    /* a body is as it came, from its first byte */
    {"CR first of all", "\rx\n", "", "\rx\n", false},
    {"CR in a From line that is body", "A: b\nFrom x\ry\n", "A: b\r\n",
	"From x\ry\n", false},
    {"no header, no line end", "Hi", "", "Hi", false},
    {"no header, CR at the end", "Hi\r", "", "Hi\r", false},
    {"no empty line, no line end", "A: b\nHi", "A: b\r\n", "Hi", false},
    {"no last line end", "A: b\n\nx", "A: b\r\n", "x", false},
    {"nothing", "", "", "", false},
    {"an empty line", "\n", "", "", false},
    {"two empty lines", "\r\n\r\n", "", "\r\n", false},
    {"header only", "A: b\nC: d\n", "A: b\r\nC: d\r\n", "", false},
    {"header, no line end", "A: b", "A: b\r\n", "", false},
    {"header and empty line", "A: b\n\n", "A: b\r\n", "", false},
    {"no header", "Hi Bob,\n\nbye\n", "", "Hi Bob,\n\nbye\n", false},
    {"empty line first", "\nA: b\n", "", "A: b\n", false},
    {"blank line first", " x\nA: b\n", "", " x\nA: b\n", false},
    {"no empty line", "A: b\nHi\nC: d\n", "A: b\r\n", "Hi\nC: d\n", false},
    {"fold", "A: b\n c\n\td\n\nx\n", "A: b\r\n c\r\n\td\r\n", "x\n", false},
    {"obsolete", "A : b\nC:\n\nx\n", "A : b\r\nC:\r\n", "x\n", false},
    {"mbox", "From a@b Sat Nov 21\nA: b\n\nx\n", "A: b\r\n", "x\n", false},
    {"mbox, CR LF", "From a@b Sat\r\nA: b\r\n\r\nx\r\n", "A: b\r\n", "x\r\n",
	false},
    {"mbox, quoted", ">From a@b Sat\nA: b\n\nx\n", "A: b\r\n", "x\n", false},
    {"mbox only", "From a@b Sat", "", "", false},
    {"mbox, no header", "From a@b Sat\n\nx\n", "", "x\n", false},
    {"mbox with a name", "From \303\274@b Sat\nA: b\n\nx\n", "A: b\r\n", "x\n",
	false},
    {"From in the header", "A: b\nFrom x Sat\nC: d\n", "A: b\r\n",
	"From x Sat\nC: d\n", false},
    {"From in the body", "\nFrom x Sat\n", "", "From x Sat\n", false},
    {"dots", "\n.\n..\n.x\n.", "", ".\n..\n.x\n.", false},
    {"8 bit in the body", "A: b\n\n\303\274\n", "A: b\r\n", "\303\274\n", true},
    {"8 bit in the header", "A: \377\n\nx\n", "A: \377\r\n", "x\n", false},
    {"8 bit in a body without a header", "\303\274\n", "", "\303\274\n", true},
    {"blanks at line ends", "A: b \n\nx \t\n", "A: b \r\n", "x \t\n", false},
};

#define LINE (10 * MIB)

static const struct {
	const char *name, *before;
	size_t fill;
	const char *behind;
	int64_t head, body; /* octets; -1: refused */
} long_cases[] = {
    {"a long line in the body", "A: b\n\n", LINE, "\ny", 6, LINE + 2},
    {"a long line, no line end", "A: b\n\n", LINE, "", 6, LINE},
    {"a long line, no header", "", LINE, "\ny\n", 0, LINE + 3},
    {"a long line, no empty line", "A: b\n", LINE, "\n", 6, LINE + 1},
    {"a long line behind mbox", "From a@b\n", LINE, "\n", 0, LINE + 1},
    {"a long field", "A:", LINE, "\n\nx\n", -1, 0},
    {"a long fold", "A: b\n ", LINE, "\n\nx\n", -1, 0},
    {"a header block at its ceiling", "A:", HEADER_BLOCK_MAX - 4, "\n\nx\n",
	HEADER_BLOCK_MAX, 2},
    {"a header block one over it", "A:", HEADER_BLOCK_MAX - 3, "\n\nx\n", -1,
	0},
    {"a header block at its ceiling, no empty line",
	"A: b\nC:", HEADER_BLOCK_MAX - 10, "\nHello\n", HEADER_BLOCK_MAX, 6},
    {"a name of 998", "", 998, ": y\n\nz\n", 1003, 2},
    {"a name too long to be one", "", 1100, ": y\n\nz\n", 0, 1107},
    {"an address line of 900", "A: b\nTo: ", 900, "\n\nz\n", 912, 2},
};

/* The ceiling is that of the message as it will be sent: CR LF, the empty
 * line, but no mbox line. */
static const struct {
	const char *name, *in;
	int64_t size;
} sizes[] = {
    {"size: LF", "A: b\n\nx\ny\n", 6 + 2 + 6},
    {"size: CR LF", "A: b\r\n\r\nx\r\ny\r\n", 6 + 2 + 6},
    {"size: CR", "A: b\n\nx\ry\r", 6 + 2 + 6},
    {"size: no last line end", "A: b\n\nx\ny", 6 + 2 + 6},
    {"size: CR before CR LF", "\nx\r\r\n", 2 + 4},
    {"size: empty lines", "\n\n\r\n", 2 + 4},
    {"size: mbox", "From a@b Sat Nov 21\nA: b\n\nx\n", 6 + 2 + 3},
    {"size: no header", "Hi\n", 2 + 4},
    {"size: no empty line", "A: b\nHi\n", 6 + 2 + 4},
    {"size: header only", "A: b\n", 6 + 2},
};

#endif
