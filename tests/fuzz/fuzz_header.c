/* SPDX-License-Identifier: ISC */
/* A header block: walked without loss, mended and completed to be strict. */
#include "strict.h"

#include "base/buf.h"
#include "base/limits.h"
#include "message/complete.h"
#include "message/field.h"
#include "message/intake.h"
#include "message/wire.h"
#include "target.h"

static const struct completion completion = {
    .now_us = 1795289101999999,
    .sender = "a@b.example",
    .full_name = "\303\204lice (x) \"y\"",
    .host_name = "host.example.org",
    .domain = "example.org",
};

/* The fields are all of the block, in its order. */
static void
check_walk(struct span head)
{
	struct span rest = head;
	const char *at = head.at;
	struct field f;

	while (header_next(&rest, &f)) {
		strict_must(f.whole.at == at && f.whole.len > 0,
		    "a hole between fields", head);
		strict_must(f.name.at >= at && f.body.at >= at &&
				f.body.at + f.body.len <= at + f.whole.len,
		    "a field outside of itself", head);
		at += f.whole.len;
	}
	strict_must(at == head.at + head.len, "a block not walked", head);
}

/* What is mended needs no mending again. */
static void
check_once(struct span mended, struct mends *log)
{
	struct span rest = mended;
	struct error err;
	struct field f;
	struct buf again;

	buf_init(&again, 16 * MIB);
	while (header_next(&rest, &f))
		strict_must(field_mend(&f, &again, log, &err) == 0,
		    "a field that is refused the second time", f.whole);
	strict_must(again.len == mended.len &&
			memcmp(again.at, mended.at, again.len) == 0,
	    "a field that is mended twice", mended);
	buf_release(&again);
}

static void
check_mended(struct span head, struct mends *log)
{
	struct error err;
	struct field f;
	struct buf to;

	buf_init(&to, 16 * MIB);
	while (header_next(&head, &f)) {
		buf_clear(&to);
		if (field_mend(&f, &to, log, &err) == 0)
			check_once(buf_span(&to), log);
		else
			strict_must(err.kind == ERR_DATA && err.text[0] != '\0',
			    "an error without words", f.whole);
	}
	buf_release(&to);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err = {0};
	struct intake in;
	struct mends log;
	struct buf to;

	intake_init(&in, 64 * MIB);
	mends_init(&log);
	buf_init(&to, 16 * MIB);
	if (intake_take(&in, span((const char *)data, size), &err) == 0 &&
	    intake_end(&in, &err) == 0) {
		struct span head = buf_span(&in.head);

		check_walk(head);
		check_mended(head, &log);
		if (complete_header(head, &completion, &to, &log, &err) == 0)
			strict_header(
			    buf_span(&to), wire_is_eight_bit(buf_span(&to)));
		else
			strict_must(err.kind == ERR_DATA && err.text[0] != '\0',
			    "an error without words", head);
	}
	buf_release(&to);
	mends_release(&log);
	intake_release(&in);
	return 0;
}
