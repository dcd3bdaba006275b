/* SPDX-License-Identifier: ISC */
/* The queue as JSON. */
#include "cli/listing.h"

#include <jansson.h>
#include <stdlib.h>

static const char *
queue_name(const struct listed *l)
{
	if (l->entry->held)
		return "hold";
	return l->busy ? "active" : "deferred";
}

static const char *
state_name(enum rcpt_state state)
{
	static const char *const names[] = {
	    [RCPT_WAITING] = "waiting",
	    [RCPT_DELIVERED] = "delivered",
	    [RCPT_REFUSED] = "refused",
	    [RCPT_EXPIRED] = "expired",
	    [RCPT_ALIASED] = "aliased",
	    [RCPT_DROPPED] = "dropped",
	};

	return names[state];
}

/* Text from a server need not be UTF-8; what is not, JSON cannot hold. */
static json_t *
text(const char *value)
{
	json_t *string = value != NULL ? json_string(value) : json_null();

	return string != NULL ? string : json_string("(not UTF-8)");
}

/* What was last said of one, else what is wrong for all. */
static const char *
delay_reason(const struct listed *l, const struct rcpt_status *status)
{
	if (status->text != NULL)
		return status->text;
	if (l->entry->trouble != NULL || l->pause == NULL)
		return l->entry->trouble;
	return l->pause->why;
}

static json_t *
recipients(const struct listed *l)
{
	const struct entry *e = l->entry;
	json_t *list = json_array();

	for (size_t i = 0; i < e->envelope.rcpt_count; i++) {
		json_t *one = json_object();

		json_object_set_new(
		    one, "address", text(e->envelope.rcpt[i].address));
		json_object_set_new(
		    one, "state", json_string(state_name(e->status[i].state)));
		if (listing_concerns(&e->status[i]))
			json_object_set_new(one, "delay_reason",
			    text(delay_reason(l, &e->status[i])));
		json_array_append_new(list, one);
	}
	return list;
}

void
listing_json(const struct listed *l, FILE *to)
{
	const struct entry *e = l->entry;
	json_t *object = json_object();
	char *line;

	json_object_set_new(object, "queue_name", json_string(queue_name(l)));
	json_object_set_new(object, "queue_id", json_string(e->id));
	json_object_set_new(
	    object, "arrival_time", json_integer((json_int_t)e->time));
	json_object_set_new(object, "message_size", json_integer(e->size));
	json_object_set_new(object, "forced_expire", json_false());
	json_object_set_new(object, "sender", text(e->envelope.sender));
	json_object_set_new(object, "recipients", recipients(l));
	json_object_set_new(object, "uid", json_integer(e->uid));
	json_object_set_new(object, "attempts", json_integer(e->attempts));
	json_object_set_new(object, "warned", json_boolean(e->warned));
	json_object_set_new(object, "relay", text(l->relay));
	json_object_set_new(object, "relay_paused_until",
	    l->pause ? json_integer((json_int_t)l->pause->until) : json_null());
	json_object_set_new(object, "next_attempt",
	    e->held ? json_null() : json_integer((json_int_t)l->next));
	if (e->held)
		json_object_set_new(object, "held_reason", text(e->trouble));
	line = json_dumps(object, JSON_COMPACT);
	if (line != NULL)
		fprintf(to, "%s\n", line);
	free(line);
	json_decref(object);
}
