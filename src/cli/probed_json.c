/* SPDX-License-Identifier: ISC */
/* What was found out about a relay, as JSON. */
#include "cli/probed.h"

#include "base/buf.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct probed_json {
	FILE *to;
	json_t *relay;       /* NULL: between two */
	json_t *certificate; /* the last one; borrowed */
};

/* Where a value goes, and as what. */
enum place { IN_RELAY, IN_CERTIFICATE, IN_LIST };

static const struct row {
	const char *key;
	const char *name;
	enum place place;
	bool number;
} rows[] = {
    {"relay", "relay", IN_RELAY, false},
    {"away", "away", IN_LIST, false},
    {"host", "host", IN_RELAY, false},
    {"port", "port", IN_RELAY, true},
    {"tls", "tls", IN_RELAY, false},
    {"address", "address", IN_RELAY, false},
    {"round-trip-us", "round_trip_us", IN_RELAY, true},
    {"session", "session", IN_RELAY, false},
    {"dane", "dane", IN_RELAY, false},
    {"certificate", "subject", IN_CERTIFICATE, false},
    {"issuer", "issuer", IN_CERTIFICATE, false},
    {"from", "from", IN_CERTIFICATE, true},
    {"until", "until", IN_CERTIFICATE, true},
    {"pin", "pin", IN_CERTIFICATE, false},
    {"before", "before_tls", IN_LIST, false},
    {"offers", "offers", IN_LIST, false},
    {"size", "size", IN_RELAY, true},
    {"sends", "sends", IN_RELAY, false},
    {"login", "login", IN_RELAY, false},
    {"remark", "remarks", IN_LIST, false},
    {"problem", "problem", IN_RELAY, false},
    {"code", "code", IN_RELAY, true},
};

struct probed_json *
probed_json_begin(FILE *to)
{
	struct probed_json *p = must_calloc(1, sizeof *p);

	p->to = to;
	return p;
}

/* Text of a server need not be UTF-8. */
static json_t *
value_of(const struct row *row, const char *value)
{
	json_t *made = row->number ? json_integer(strtoll(value, NULL, 10))
				   : json_string(value);

	return made != NULL ? made : json_string("(not UTF-8)");
}

static json_t *
list_of(json_t *object, const char *name)
{
	json_t *list = json_object_get(object, name);

	if (list == NULL) {
		list = json_array();
		json_object_set_new(object, name, list);
	}
	return list;
}

static void
put(struct probed_json *p, const struct row *row, const char *value)
{
	json_t *made = value_of(row, value);

	switch (row->place) {
	case IN_LIST:
		json_array_append_new(list_of(p->relay, row->name), made);
		return;
	case IN_CERTIFICATE:
		if (strcmp(row->key, "certificate") == 0) {
			p->certificate = json_object();
			json_array_append_new(
			    list_of(p->relay, "certificates"), p->certificate);
		}
		json_object_set_new(p->certificate, row->name, made);
		return;
	case IN_RELAY:
		json_object_set_new(p->relay, row->name, made);
	}
}

static void
print(struct probed_json *p)
{
	char *line = json_dumps(p->relay, JSON_COMPACT);

	if (line != NULL)
		fprintf(p->to, "%s\n", line);
	free(line);
	json_decref(p->relay);
	p->relay = p->certificate = NULL;
}

void
probed_json(struct probed_json *p, const char *key, const char *value)
{
	if (p->relay == NULL)
		p->relay = json_object();
	if (strcmp(key, "end") == 0) {
		print(p);
		return;
	}
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (strcmp(rows[i].key, key) == 0)
			put(p, &rows[i], value);
}

/* What was not told to its end is not shown. */
void
probed_json_end(struct probed_json *p)
{
	json_decref(p->relay);
	free(p);
}
