/* SPDX-License-Identifier: ISC */
/* What this host is called. */
#include "config/own_names.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/span.h"
#include "config/paths.h"

#include <stdbool.h>
#include <unistd.h>

#define NAMES_MAX 9

static bool
has(char *const *names, size_t count, struct span name)
{
	for (size_t i = 0; i < count; i++)
		if (span_is_nocase(name, names[i]))
			return true;
	return false;
}

static void
add(char **names, size_t *count, struct span name)
{
	if (name.len > 0 && !has(names, *count, name))
		names[(*count)++] = must_spandup(name);
}

/* And what it is called for short. */
static void
add_both(char **names, size_t *count, const char *name)
{
	struct span whole = span_of(name), rest = whole, first;

	add(names, count, whole);
	if (span_cut(&rest, '.', &first))
		add(names, count, first);
}

char **
own_names(const char *host_name)
{
	char **names = must_calloc(NAMES_MAX, sizeof names[0]);
	char system[HOST_NAME_SIZE];
	size_t count = 0;

	add_both(names, &count, host_name);
	paths_host_name(system, sizeof system);
	add_both(names, &count, system);
	/* As it is, where /etc/mailname knows better. */
	if (gethostname(system, sizeof system) == 0) {
		system[sizeof system - 1] = '\0';
		add_both(names, &count, system);
	}
	add(names, &count, span_of("localhost"));
	add(names, &count, span_of("localhost.localdomain"));
	return names;
}
