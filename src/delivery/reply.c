/* SPDX-License-Identifier: ISC */
/* Replies of a server. */
#include "delivery/reply.h"

#include "base/text.h"
#include "message/enhanced_code.h"

#include <stdio.h>

void
reply_init(struct reply *r)
{
	*r = (struct reply){0};
}

int
reply_class(const struct reply *r)
{
	return r->code / 100;
}

static struct span
without_line_end(struct span line)
{
	if (line.len > 0 && line.at[line.len - 1] == '\n')
		line.len--;
	if (line.len > 0 && line.at[line.len - 1] == '\r')
		line.len--;
	return line;
}

/* Later lines repeat the enhanced code (RFC 2034 4); once is enough. */
static struct span
without_status(const struct reply *r, struct span text)
{
	struct span rest = text, word;

	if (r->status[0] != '\0' && span_cut(&rest, ' ', &word) &&
	    span_is(word, r->status))
		text = rest;
	return span_trim(text);
}

static void
add_text(struct reply *r, struct span text)
{
	size_t used = strlen(r->text);

	if (text.len == 0 || used + 2 > sizeof r->text)
		return;
	r->text[used] = ' ';
	text_copy_printable(
	    r->text + used + 1, sizeof r->text - used - 1, text);
}

enum reply_result
reply_take(struct reply *r, struct span line)
{
	unsigned long long code;
	struct span text;
	bool first = r->code == 0;

	r->octets += line.len;
	line = without_line_end(line);
	if (r->octets > REPLY_MAX || line.len < 3 ||
	    !text_number(span(line.at, 3), 599, &code) || code < 200 ||
	    (!first && (int)code != r->code) ||
	    (line.len > 3 && line.at[3] != ' ' && line.at[3] != '-') ||
	    memchr(line.at, '\0', line.len) != NULL)
		return REPLY_BROKEN;
	text = line.len > 4 ? span_trim(span_from(line, 4)) : span("", 0);
	if (first) {
		r->code = (int)code;
		snprintf(r->text, sizeof r->text, "%d", r->code);
		text_copy(r->status, sizeof r->status,
		    enhanced_code(text, line.at[0]));
		add_text(r, text);
	} else {
		add_text(r, without_status(r, text));
	}
	return line.len > 3 && line.at[3] == '-' ? REPLY_MORE : REPLY_DONE;
}

int
reply_fault(const struct reply *r, const char *why, struct error *err)
{
	return error_set(err, ERR_TEMPORARY, "%s%sthe relay says: %s",
	    why ? why : "", why ? "; " : "", r->text);
}
