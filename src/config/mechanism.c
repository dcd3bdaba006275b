/* SPDX-License-Identifier: ISC */
/* The mechanisms of a login. */
#include "config/mechanism.h"

/*
 * In this order; libcurl has the same. By TLS that is proved
 * a password is as safe in PLAIN as in what keeps it from the server's ears:
 * which would have to keep it in clear for that, but by SCRAM.
 */
static const struct {
	const char *name;
	bool usual;
	bool password;
} mechanisms[MECHANISM_COUNT] = {
    [MECHANISM_EXTERNAL] = {"EXTERNAL", false, false}, /* RFC 4422 A */
    [MECHANISM_SCRAM_SHA_256_PLUS] = {"SCRAM-SHA-256-PLUS", true, true},
    [MECHANISM_SCRAM_SHA_1_PLUS] = {"SCRAM-SHA-1-PLUS", true, true},
    [MECHANISM_SCRAM_SHA_256] = {"SCRAM-SHA-256", true, true}, /* RFC 7677 */
    [MECHANISM_SCRAM_SHA_1] = {"SCRAM-SHA-1", true, true},     /* RFC 5802 */
    [MECHANISM_DIGEST_MD5] = {"DIGEST-MD5", false, true},
    [MECHANISM_CRAM_MD5] = {"CRAM-MD5", false, true}, /* RFC 2195 */
    [MECHANISM_PLAIN] = {"PLAIN", true, true},        /* RFC 4616 */
    [MECHANISM_LOGIN] = {"LOGIN", true, true},
    [MECHANISM_OAUTHBEARER] = {"OAUTHBEARER", false, false}, /* RFC 7628 */
    [MECHANISM_XOAUTH2] = {"XOAUTH2", false, false},
};

int
mechanism_find(struct span name)
{
	for (int i = 0; i < MECHANISM_COUNT; i++)
		if (span_is_nocase(name, mechanisms[i].name))
			return i;
	return -1;
}

const char *
mechanism_name(int mechanism)
{
	return mechanisms[mechanism].name;
}

unsigned
mechanism_built(void)
{
	unsigned set =
	    (MECHANISM_BIT(MECHANISM_COUNT) - 1) & ~MECHANISM_ALL_TOKEN;

#ifndef HAVE_GSASL
	set &= ~MECHANISM_ALL_SCRAM;
#endif
	return set;
}

unsigned
mechanism_usual(void)
{
	unsigned set = 0;

	for (int i = 0; i < MECHANISM_COUNT; i++)
		if (mechanisms[i].usual)
			set |= MECHANISM_BIT(i);
	return set & mechanism_built();
}

bool
mechanism_needs_password(unsigned set)
{
	for (int i = 0; i < MECHANISM_COUNT; i++)
		if ((set & MECHANISM_BIT(i)) != 0 && mechanisms[i].password)
			return true;
	return false;
}

bool
mechanism_is_wanted(const struct relay *r)
{
	return r->user != NULL ||
	       (r->auth & MECHANISM_BIT(MECHANISM_EXTERNAL)) != 0;
}

unsigned
mechanism_set(struct span words)
{
	unsigned set = 0;
	struct span word;

	while (span_cut(&words, ' ', &word)) {
		int one = mechanism_find(span_trim(word));

		if (one >= 0)
			set |= MECHANISM_BIT(one);
	}
	return set;
}

int
mechanism_choose(unsigned set)
{
	for (int i = 0; i < MECHANISM_COUNT; i++)
		if ((set & MECHANISM_BIT(i)) != 0)
			return i;
	return -1;
}

void
mechanism_list(
    unsigned set, const char *before, const char *between, struct buf *to)
{
	bool first = true;

	for (int i = 0; i < MECHANISM_COUNT; i++) {
		if ((set & MECHANISM_BIT(i)) == 0)
			continue;
		buf_printf(to, "%s%s%s", first ? "" : between, before,
		    mechanisms[i].name);
		first = false;
	}
}
