/* SPDX-License-Identifier: ISC */
/* The dialogue, for a person to read. */
#include "delivery/transcript.h"

#include "base/text.h"

#include <stdio.h>

#define LINE_SIZE 256

static void
show(const struct transcript *t, char side, struct span line)
{
	char shown[LINE_SIZE];

	if (!t->shown)
		return;
	text_copy_printable(shown, sizeof shown, span_trim(line));
	fprintf(stderr, "%c: %s\n", side, shown);
}

void
transcript_sent(struct transcript *t, struct span line)
{
	char masked[LINE_SIZE];
	struct span word;

	if (t->masking) {
		line = span_of("****");
	} else if (span_starts_nocase(line, "Proxy-Authorization:")) {
		line = span_of("Proxy-Authorization: ****");
	} else if (span_starts_nocase(line, "AUTH ")) {
		t->masking = true;
		span_cut(&line, ' ', &word);
		span_cut(&line, ' ', &word);
		word = span_trim(word);
		t->proving = span_starts_nocase(word, "SCRAM-");
		snprintf(
		    masked, sizeof masked, "AUTH %.*s ****", SPAN_ARG(word));
		line = span_of(masked);
	}
	show(t, 'C', line);
}

/* The last line of a reply; what is none, or goes on, ends no AUTH. */
static bool
is_end(struct span line)
{
	line = span_trim(line);
	return line.len >= 3 && text_is_digit(line.at[0]) &&
	       text_is_digit(line.at[1]) && text_is_digit(line.at[2]) &&
	       (line.len == 3 || line.at[3] == ' ');
}

void
transcript_received(struct transcript *t, struct span line)
{
	if (is_end(line) && !span_starts(line, "334"))
		t->masking = t->proving = false;
	else if (t->proving && span_starts(line, "334"))
		line = span_of("334 ****");
	show(t, 'S', line);
}

void
transcript_note(const struct transcript *t, struct span line)
{
	show(t, '*', line);
}
