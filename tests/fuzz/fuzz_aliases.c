/* SPDX-License-Identifier: ISC */
/* An aliases file: whatever stands in it, each name leads to addresses that may
 * stand in an envelope, to nobody, or to an error with words. */
#include "strict.h"

#include "alias/expand.h"
#include "base/limits.h"
#include "target.h"

#include <stdlib.h>

static void
check_target(const struct alias_target *t)
{
	struct span text = span_of(t->text != NULL ? t->text : "");
	struct error err;

	strict_must((t->text == NULL) == (t->kind == TARGET_NOTHING),
	    "a target without words", text);
	strict_must(t->line > 0, "a target in no line", text);
	if (t->kind == TARGET_ADDRESS || t->kind == TARGET_NAME)
		strict_must(address_check(text, &err) == 0,
		    "a target that may not leave", text);
	if (t->kind == TARGET_LIST)
		strict_must(text.at[0] == '/', "half a path", text);
}

static bool
has_list(const struct aliases *a)
{
	for (size_t i = 0; i < a->count; i++)
		for (size_t k = 0; k < a->at[i].to.count; k++)
			if (a->at[i].to.at[k].kind == TARGET_LIST)
				return true;
	return false;
}

static void
check_alias(const struct alias_scope *scope, const struct alias *alias)
{
	struct span name = span_of(alias->name);
	struct address_list list = {0};
	struct error err = {0};
	bool nothing;
	int rc;

	for (size_t i = 0; i < alias->to.count; i++)
		check_target(&alias->to.at[i]);
	strict_must(aliases_find(scope->aliases, name) != NULL,
	    "an alias that is not found", name);
	/* No file is opened for that. */
	if (has_list(scope->aliases))
		return;
	rc = alias_expand(scope, alias->name, &list, &nothing, &err);
	strict_must(rc != 0 || nothing || list.count > 0, "nobody", name);
	strict_must(rc == 0 || (err.kind == ERR_CONFIG && err.text[0] != '\0'),
	    "an error without words", name);
	for (size_t i = 0; i < list.count; i++)
		strict_must(address_check_form(span_of(list.at[i]), &err) == 0,
		    "an address that may not leave", span_of(list.at[i]));
	address_list_release(&list);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const own[] = {"web1.example.org", "web1", NULL};
	struct aliases a = {0};
	struct alias_scope scope = {
	    .aliases = &a, .own = own, .domain = "example.org"};

	/* A thousand names, each looked up, are enough for one input. */
	if (size > 4 * KIB)
		return 0;
	aliases_parse(&a, "f", span((const char *)data, size));
	for (size_t i = 0; i < a.count; i++)
		check_alias(&scope, &a.at[i]);
	aliases_release(&a);
	return 0;
}
