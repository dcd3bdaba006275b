/* SPDX-License-Identifier: ISC */
/* What may stand in an envelope. */
#include "message/address.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "message/atom.h"

#include <arpa/inet.h>

bool
atom_is_char(char c)
{
	return !text_is_control(c) && strchr("()<>[]:;@\\,.\" ", c) == NULL;
}

bool
atom_is_dotted(struct span text)
{
	if (text.len == 0 || text.at[0] == '.' || text.at[text.len - 1] == '.')
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] == '.' ? text.at[i - 1] == '.'
				      : !atom_is_char(text.at[i]))
			return false;
	return true;
}

size_t
address_domain(struct span address)
{
	for (size_t i = address.len; i > 0; i--)
		if (address.at[i - 1] == '@')
			return i;
	return address.len;
}

bool
address_is_utf8(struct span address)
{
	for (size_t i = 0; i < address.len; i++)
		if ((unsigned char)address.at[i] >= 0x80)
			return true;
	return false;
}

char *
address_qualify(const char *address, const char *domain)
{
	struct span text = span_of(address);
	struct buf whole;
	char *copy;

	if (domain == NULL || address_domain(text) < text.len)
		return must_strdup(address);
	buf_init(&whole, 4 * KIB);
	buf_printf(&whole, "%s@%s", address, domain);
	copy = must_strdup(buf_text(&whole));
	buf_release(&whole);
	return copy;
}

int
address_compare(const void *one, const void *two)
{
	const char *a = one, *b = two;
	size_t at = address_domain(span_of(a));
	int rc = strncmp(a, b, at);

	return rc != 0 ? rc : strcasecmp(a + at, b + at);
}

/* A dot-atom, or a quoted string with its inner quotes escaped. */
static bool
is_local_part(struct span local)
{
	if (local.at[0] != '"')
		return atom_is_dotted(local);
	if (local.len < 2)
		return false;
	for (size_t i = 1; i + 1 < local.len; i++) {
		if (local.at[i] == '"')
			return false;
		if (local.at[i] == '\\' &&
		    (++i + 1 == local.len ||
			(unsigned char)local.at[i] >= 0x80))
			return false; /* RFC 6531 3.3: none beyond ASCII */
	}
	return local.at[local.len - 1] == '"';
}

/* RFC 5321 4.1.3: "::" is two groups or more, unlike in RFC 4291 2.2. An IPv4
 * address at the end is two. */
static bool
is_compressed_well(const char *text)
{
	size_t groups = strchr(text, '.') != NULL ? 1 : 0;

	if (strstr(text, "::") == NULL)
		return true;
	for (size_t i = 0; text[i] != '\0'; i++)
		if (text[i] != ':' && (i == 0 || text[i - 1] == ':'))
			groups++;
	return groups <= 6;
}

/* RFC 5321 4.1.3: "[192.0.2.1]" or "[IPv6:2001:db8::1]". */
static int
check_literal(struct span domain, struct error *err)
{
	struct span inside = span(domain.at + 1, domain.len - 2);
	bool six = span_starts_nocase(inside, "IPv6:");
	unsigned char binary[sizeof(struct in6_addr)];
	char text[INET6_ADDRSTRLEN];

	if (six)
		inside = span_from(inside, strlen("IPv6:"));
	if (text_copy(text, sizeof text, inside) &&
	    inet_pton(six ? AF_INET6 : AF_INET, text, binary) == 1 &&
	    (!six || is_compressed_well(text)))
		return 0;
	return error_set(err, ERR_RECIPIENT,
	    "no such address literal: write [192.0.2.1] or "
	    "[IPv6:2001:db8::1]");
}

static bool
is_label_char(char c)
{
	return text_is_digit(c) || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || c == '-' || c == '_' ||
	       (unsigned char)c >= 0x80;
}

/* RFC 1035 2.3.1 and 2.3.4; "_" stands in names that exist. */
static int
check_label(struct span label, struct error *err)
{
	if (label.len == 0)
		return error_set(
		    err, ERR_RECIPIENT, "domain has a dot where none may be");
	if (label.len > LABEL_MAX)
		return error_set(err, ERR_RECIPIENT,
		    "domain has more than %d octets between two dots",
		    LABEL_MAX);
	for (size_t i = 0; i < label.len; i++)
		if (!is_label_char(label.at[i]))
			return error_set(err, ERR_RECIPIENT,
			    "domain has a \"%c\" where none may be",
			    label.at[i]);
	if (label.at[0] == '-' || label.at[label.len - 1] == '-')
		return error_set(err, ERR_RECIPIENT,
		    "domain has a \"-\" beside a dot or an end");
	return 0;
}

static int
check_domain(struct span domain, struct error *err)
{
	struct span label;

	if (domain.len == 0)
		return error_set(err, ERR_RECIPIENT, "nothing after the \"@\"");
	if (domain.len > DOMAIN_MAX)
		return error_set(err, ERR_RECIPIENT,
		    "domain longer than %d octets", DOMAIN_MAX);
	if (domain.at[0] == '[' && domain.at[domain.len - 1] == ']')
		return check_literal(domain, err);
	if (domain.at[domain.len - 1] == '.')
		return error_set(
		    err, ERR_RECIPIENT, "domain has a dot where none may be");
	while (span_cut(&domain, '.', &label))
		if (check_label(label, err) != 0)
			return -1;
	return 0;
}

/* The controls U+0080 to U+009F, as they stand in UTF-8. */
static bool
has_c1(struct span address)
{
	for (size_t i = 0; i + 1 < address.len; i++)
		if ((unsigned char)address.at[i] == 0xc2 &&
		    (unsigned char)address.at[i + 1] < 0xa0)
			return true;
	return false;
}

int
address_check_form(struct span address, struct error *err)
{
	size_t at = address_domain(address);
	bool bare = at == address.len && (at == 0 || address.at[at - 1] != '@');
	size_t local = bare ? address.len : at - 1;

	if (address.len == 0)
		return error_set(err, ERR_RECIPIENT, "empty address");
	for (size_t i = 0; i < address.len; i++)
		if (text_is_control(address.at[i]))
			return error_set(
			    err, ERR_RECIPIENT, "control character in address");
	if (has_c1(address))
		return error_set(
		    err, ERR_RECIPIENT, "control character in address");
	if (local == 0)
		return error_set(
		    err, ERR_RECIPIENT, "nothing before the \"@\"");
	if (local > LOCAL_PART_MAX)
		return error_set(err, ERR_RECIPIENT,
		    "local part longer than %d octets", LOCAL_PART_MAX);
	if (!is_local_part(span(address.at, local)))
		return error_set(err, ERR_RECIPIENT,
		    "\"%.*s\" cannot stand before the \"@\" unquoted",
		    (int)local, address.at);
	if (address.len > PATH_MAX_5321)
		return error_set(err, ERR_RECIPIENT,
		    "address longer than %d octets", PATH_MAX_5321);
	return bare ? 0 : check_domain(span_from(address, at), err);
}
