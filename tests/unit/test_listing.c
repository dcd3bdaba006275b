/* SPDX-License-Identifier: ISC */
/* How the queue is shown: to people and to their monitoring. */
#include "unit.h"

#include "cli/listing.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define ID "64C8F1A2B3C4DAB12CD"
#define HEADING \
	"-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------\n"
#define COLUMN "                                             "

static char *shown;

/* What show() prints of l, until the next call. */
static const char *
print(void (*show)(const struct listed *, FILE *), const struct listed *l)
{
	size_t len;
	FILE *to;

	free(shown);
	shown = NULL;
	to = open_memstream(&shown, &len);
	assert_non_null(to);
	show(l, to);
	fclose(to);
	return shown;
}

static struct listing_total total;

static void
as_text(const struct listed *l, FILE *to)
{
	listing_text(l, &total, to);
}

static void
as_end(const struct listed *l, FILE *to)
{
	(void)l;
	listing_text_end(&total, to);
}

static char bob[] = "bob@example.net", carol[] = "carol@example.net";
static char alice[] = "alice@example.com", nobody[] = "";
static struct recipient rcpt[] = {{.address = bob}, {.address = carol}};
static struct rcpt_status status[2];
static struct entry entry;

static int
set_up(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	memset(status, 0, sizeof status);
	total = (struct listing_total){0};
	entry = (struct entry){.id = ID,
	    .time = 1795289101, /* Sat Nov 21 19:25:01 2026 */
	    .uid = 1000,
	    .size = 1234,
	    .status = status};
	entry.envelope = (struct envelope){
	    .sender = alice, .rcpt = rcpt, .rcpt_count = COUNT(rcpt)};
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	free(shown);
	shown = NULL;
	return 0;
}

static void
test_text(void **state)
{
	struct listed l = {.entry = &entry};

	(void)state;
	assert_string_equal(print(as_text, &l), HEADING ID
	    "      1234 Sat Nov 21 19:25:01  alice@example.com\n" COLUMN
	    "bob@example.net\n" COLUMN "carol@example.net\n\n");
	/* The heading comes once. */
	entry.envelope.sender = nobody;
	entry.envelope.rcpt_count = 1;
	entry.time = 1793955601; /* a day of one digit */
	entry.size = 4294967296;
	l.busy = true;
	assert_string_equal(print(as_text, &l),
	    ID "* 4294967296 Fri Nov  6 09:00:01  MAILER-DAEMON\n" COLUMN
	       "bob@example.net\n\n");
	assert_int_equal(total.count, 2);
	assert_int_equal(total.octets, 1234 + 4294967296);
}

static void
test_text_of_troubles(void **state)
{
	static char why[] = "login refused", no[] = "550 5.1.1 No such user";
	static char later[] = "450 greylisted";
	struct listed l = {.entry = &entry};

	(void)state;
	entry.trouble = why;
	status[0] = (struct rcpt_status){.state = RCPT_REFUSED, .text = no};
	status[1] = (struct rcpt_status){.state = RCPT_WAITING, .text = later};
	assert_string_equal(print(as_text, &l), HEADING ID
	    "      1234 Sat Nov 21 19:25:01  alice@example.com\n"
	    "        (login refused)\n"
	    "        (550 5.1.1 No such user)\n" COLUMN "bob@example.net\n"
	    "        (450 greylisted)\n" COLUMN "carol@example.net\n\n");
	/* Who has it is not waited for. */
	status[0].state = RCPT_DELIVERED;
	entry.trouble = NULL;
	entry.held = true;
	l.busy = true;
	assert_string_equal(print(as_text, &l),
	    ID "!     1234 Sat Nov 21 19:25:01  alice@example.com\n"
	       "        (450 greylisted)\n" COLUMN "carol@example.net\n\n");
}

static void
test_text_of_what_is_given_up(void **state)
{
	static char later[] = "450 greylisted";
	struct listed l = {.entry = &entry};

	(void)state;
	status[0] = (struct rcpt_status){.state = RCPT_EXPIRED, .text = later};
	status[1] = (struct rcpt_status){.state = RCPT_EXPIRED, .text = NULL};
	assert_string_equal(print(as_text, &l),
	    HEADING ID "      1234 Sat Nov 21 19:25:01  alice@example.com\n"
		       "        (given up: 450 greylisted)\n" COLUMN
		       "bob@example.net\n        (given up: no answer)\n" COLUMN
		       "carol@example.net\n\n");
}

static struct paused paused = {.relay = "work",
    .pause = {.failures = 2,
	.uid = PAUSE_ALL,
	.since = 1795289101,
	.until = 1795289161,
	.why = "login refused"}};

static void
as_pause(const struct listed *l, FILE *to)
{
	(void)l;
	listing_text_pause(&paused, 3, false, to);
}

static void
as_pause_of_root(const struct listed *l, FILE *to)
{
	(void)l;
	listing_text_pause(&paused, 3, true, to);
}

static void
test_text_of_a_pause(void **state)
{
	(void)state;
	assert_string_equal(print(as_pause, NULL),
	    "relay \"work\": login refused; out of order since Sat Nov 21 "
	    "19:25:01, paused until Sat Nov 21 19:26:01; 3 messages queued; "
	    "to try now: pillarbox --flush --force --relay work\n");
	paused.pause.uid = 1000;
	assert_non_null(strstr(
	    print(as_pause, NULL), "; out of order for uid 1000 since "));
	paused.pause.uid = PAUSE_ALL;
	assert_non_null(
	    strstr(print(as_pause_of_root, NULL), "; to try now, as root: "));
}

static void
test_text_end(void **state)
{
	static const struct {
		struct listing_total total;
		const char *want;
	} cases[] = {
	    {{.count = 0}, "Mail queue is empty\n"},
	    {{.count = 1, .octets = 1}, "-- 1 Kbytes in 1 Request.\n"},
	    {{.count = 1, .octets = 1024}, "-- 1 Kbytes in 1 Request.\n"},
	    {{.count = 2, .octets = 1025}, "-- 2 Kbytes in 2 Requests.\n"},
	    {{.count = 10000, .octets = 5368709120},
		"-- 5242880 Kbytes in 10000 Requests.\n"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		total = cases[i].total;
		assert_string_equal(print(as_end, NULL), cases[i].want);
	}
}

/* The one line, read by somebody else's parser. */
static json_t *
read_line(const struct listed *l)
{
	const char *line = print(listing_json, l);
	json_error_t error;
	json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, &error);

	if (object == NULL)
		fail_msg("%s: %s", error.text, line);
	assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
	return object;
}

static const char *
string_of(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value != NULL ? value : "(no string)";
}

static json_int_t
number_of(const json_t *object, const char *key)
{
	assert_true(json_is_integer(json_object_get(object, key)));
	return json_integer_value(json_object_get(object, key));
}

static void
test_json(void **state)
{
	struct listed l = {.entry = &entry, .next = 1795289161};
	json_t *object, *list, *first;

	(void)state;
	entry.attempts = 3;
	entry.size = 5368709120;
	object = read_line(&l);
	assert_string_equal(string_of(object, "queue_name"), "deferred");
	assert_string_equal(string_of(object, "queue_id"), ID);
	assert_int_equal(number_of(object, "arrival_time"), 1795289101);
	assert_int_equal(number_of(object, "message_size"), 5368709120);
	assert_true(json_is_false(json_object_get(object, "forced_expire")));
	assert_string_equal(string_of(object, "sender"), alice);
	assert_int_equal(number_of(object, "next_attempt"), 1795289161);
	assert_int_equal(number_of(object, "attempts"), 3);
	assert_int_equal(number_of(object, "uid"), 1000);
	assert_true(json_is_false(json_object_get(object, "warned")));
	assert_true(json_is_null(json_object_get(object, "relay")));
	assert_true(
	    json_is_null(json_object_get(object, "relay_paused_until")));
	assert_true(json_is_null(json_object_get(object, "held_reason")) ||
		    json_object_get(object, "held_reason") == NULL);
	list = json_object_get(object, "recipients");
	assert_int_equal(json_array_size(list), 2);
	first = json_array_get(list, 0);
	assert_string_equal(string_of(first, "address"), bob);
	assert_string_equal(string_of(first, "state"), "waiting");
	assert_string_equal(
	    string_of(json_array_get(list, 1), "address"), carol);
	json_decref(object);
}

static void
test_json_states(void **state)
{
	static char no[] = "550 5.1.1 \"No\"", why[] = "refused \\ for good";
	struct listed l = {.entry = &entry, .busy = true};
	json_t *object, *list;

	(void)state;
	object = read_line(&l);
	assert_string_equal(string_of(object, "queue_name"), "active");
	json_decref(object);

	entry.held = true;
	entry.trouble = why;
	entry.envelope.sender = nobody;
	status[0] = (struct rcpt_status){.state = RCPT_REFUSED, .text = no};
	status[1].state = RCPT_DELIVERED;
	object = read_line(&l);
	assert_string_equal(string_of(object, "queue_name"), "hold");
	assert_string_equal(string_of(object, "held_reason"), why);
	assert_string_equal(string_of(object, "sender"), "");
	assert_true(json_is_null(json_object_get(object, "next_attempt")));
	list = json_object_get(object, "recipients");
	assert_string_equal(
	    string_of(json_array_get(list, 0), "delay_reason"), no);
	assert_string_equal(
	    string_of(json_array_get(list, 0), "state"), "refused");
	assert_string_equal(
	    string_of(json_array_get(list, 1), "state"), "delivered");
	json_decref(object);
}

/* While the relay is out of order, that is why each of them waits. */
static void
test_json_trouble_of_all(void **state)
{
	static char why[] = "no answer", later[] = "450 later";
	struct listed l = {.entry = &entry};
	json_t *object, *list;

	(void)state;
	entry.trouble = why;
	status[1].text = later;
	object = read_line(&l);
	list = json_object_get(object, "recipients");
	assert_string_equal(
	    string_of(json_array_get(list, 0), "delay_reason"), why);
	assert_string_equal(
	    string_of(json_array_get(list, 1), "delay_reason"), later);
	json_decref(object);

	/* And of a paused relay that was not even asked. */
	entry.trouble = NULL;
	l.relay = paused.relay;
	l.pause = &paused.pause;
	object = read_line(&l);
	list = json_object_get(object, "recipients");
	assert_string_equal(string_of(json_array_get(list, 0), "delay_reason"),
	    "login refused");
	assert_string_equal(
	    string_of(json_array_get(list, 1), "delay_reason"), later);
	assert_string_equal(string_of(object, "relay"), "work");
	assert_int_equal(number_of(object, "relay_paused_until"), 1795289161);
	json_decref(object);
}

/* A server may say anything; the object stays whole. */
static void
test_json_not_utf8(void **state)
{
	static char latin1[] = "450 sp\xe4ter",
		    utf8[] = "j\xc3\xb6rg@example.net";
	struct listed l = {.entry = &entry};
	json_t *object, *list;

	(void)state;
	status[0].text = latin1;
	rcpt[0].address = utf8;
	object = read_line(&l);
	rcpt[0].address = bob;
	list = json_object_get(object, "recipients");
	assert_int_equal(json_array_size(list), 2);
	assert_string_equal(
	    string_of(json_array_get(list, 0), "address"), utf8);
	assert_true(json_is_string(
	    json_object_get(json_array_get(list, 0), "delay_reason")));
	json_decref(object);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_text),
	    TEST(test_text_of_troubles),
	    TEST(test_text_of_what_is_given_up),
	    TEST(test_text_of_a_pause),
	    TEST(test_text_end),
	    TEST(test_json),
	    TEST(test_json_states),
	    TEST(test_json_trouble_of_all),
	    TEST(test_json_not_utf8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
