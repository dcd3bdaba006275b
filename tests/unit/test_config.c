/* SPDX-License-Identifier: ISC */
/* pillarbox.conf: defaults, and every setting. */
#include "unit.h"

#include "base/limits.h"
#include "config/config.h"
#include "config/mechanism.h"

#include "scratch_folder.h"

#define PIN "sha256//ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopA="

static char path[100], queue[100];

static int
begin(void **state)
{
	int rc = folder_make(state);

	snprintf(path, sizeof path, "%s", folder_path("pillarbox.conf"));
	snprintf(queue, sizeof queue, "%s", folder_path("pillarbox"));
	unsetenv("PILLARBOX_CONFIG");
	setenv("XDG_CONFIG_HOME", folder, 1);
	setenv("XDG_STATE_HOME", folder, 1);
	return rc;
}

static void
load(struct config *c, const char *text)
{
	struct error err = {0};

	write_file(path, text, strlen(text), 0600);
	if (config_load(c, path, &err) != 0)
		fail_msg("%s", err.text);
	assert_true(c->own);
	assert_string_equal(c->path, path);
}

static void
test_defaults(void **state)
{
	struct config c;

	(void)state;
	load(&c, "relay \"work\" { host = \"smtp.example.com\" }");
	assert_true(strlen(c.host_name) > 0);
	assert_null(c.domain);
	assert_int_equal(c.max_size, MESSAGE_SIZE_DEFAULT);
	assert_int_equal(c.delivery, DELIVERY_BACKGROUND);
	assert_int_equal(c.received, RECEIVED_NONE);
	assert_false(c.extract_remove);
	assert_string_equal(c.queue_path, queue);
	assert_true(c.queue_enabled);
	assert_int_equal(c.retry_count, 5);
	assert_int_equal(c.retry[0], 60);
	assert_int_equal(c.retry[1], 300);
	assert_int_equal(c.retry[2], 900);
	assert_int_equal(c.retry[3], 3600);
	assert_int_equal(c.retry[4], 4 * 3600);
	assert_int_equal(c.lifetime, 5 * 86400);
	assert_int_equal(c.warn_after, 4 * 3600);
	assert_null(c.default_relay);
	assert_int_equal(c.relay_count, 1);
	assert_string_equal(c.relays[0].name, "work");
	assert_string_equal(c.relays[0].hosts[0], "smtp.example.com");
	assert_null(c.relays[0].hosts[1]);
	assert_int_equal(c.relays[0].protocol, PROTOCOL_SMTP);
	assert_int_equal(c.relays[0].port, 587);
	assert_int_equal(c.relays[0].tls, TLS_STARTTLS);
	assert_int_equal(c.relays[0].family, FAMILY_ANY);
	assert_null(c.relays[0].source_address);
	assert_null(c.relays[0].tls_ca_file);
	assert_null(c.relays[0].user);
	assert_null(c.relays[0].password);
	assert_null(c.relays[0].password_file);
	assert_null(c.relays[0].password_command);
	assert_non_null(c.relays[0].senders);
	assert_null(c.relays[0].senders[0]);
	assert_int_equal(c.relays[0].auth, mechanism_usual());
	assert_null(c.relays[0].from);
	assert_int_equal(c.relays[0].identity, IDENTITY_KEEP);
	assert_non_null(c.relays[0].masquerade);
	assert_null(c.relays[0].masquerade[0]);
	assert_int_equal(c.relays[0].timeout_ms, 60000);
	assert_int_equal(c.relays[0].connect_timeout_ms, 30000);
	assert_int_equal(c.foreground_timeout_ms, 15000);
	assert_int_equal(c.relays[0].connections, 2);
	assert_int_equal(c.relays[0].per_connection, 1000);
	assert_int_equal(c.relays[0].window, 32);
	assert_int_equal(c.relays[0].window_size, 1 << 20);
	assert_int_equal(c.relays[0].linger_ms, 1000);
	config_release(&c);
	assert_null(c.relays);
	config_release(&c);
}

static void
test_empty_file(void **state)
{
	static const char *const texts[] = {"", "\n", " ", "# x", "#\n\n"};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct config c;

		load(&c, texts[i]);
		assert_int_equal(c.relay_count, 0);
		assert_null(config_relay(&c, "work"));
		config_release(&c);
	}
}

static void
test_every_setting(void **state)
{
	struct config c;

	(void)state;
	load(&c, "hostname = \"host.example.org\"\n"
		 "domain = 'example.org'\n"
		 "max-size = 10k\n"
		 "delivery = foreground\n"
		 "foreground-timeout = 1m\n"
		 "received = user\n"
		 "extract-addresses = remove\n"
		 "default-relay = two\n"
		 "queue { path = \"/var/tmp/q\" enabled = false\n"
		 "  retry = {\"30s\", 7d} lifetime = \"2d\" warn-after = 0 }\n"
		 "relay \"one\" {\n"
		 "  host = \"[::1]\" port = 2525 tls = none\n"
		 "  source-address = \"2001:db8::1\"\n"
		 "  senders = {\"a@b\", \"*@c.d\"}\n"
		 "  connections = 3 messages-per-connection = 0 linger = 0s\n"
		 "  window = 7 window-size = 64K\n"
		 "  rate = {\"30/1m\", \"500/1d\"}\n"
		 "  timeout = 5m from = \"alerts@example.org\"\n"
		 "  identity = force\n"
		 "  masquerade = {\"*.a.example=b.example\", \"web1=b\"}\n"
		 "}\n"
		 "relay two {\n"
		 "  host = smtp.example.com port = 465 timeout = 20s\n"
		 "  tls-ca-file = \"/etc/ca.pem\" address-family = ipv4\n"
		 "  tls-certificate = /c tls-key = \"pkcs11:k\"\n"
		 "  tls-key-password-file = /p auth = {login, External}\n"
		 "  tls-crl-file = \"/etc/crl.pem\" tls-minimum = 1.3\n"
		 "  tls-dane = require\n"
		 "  tls-pin = {\"" PIN "\", \"" PIN "\"}\n"
		 "  user = \"alice@example.com\" password = 'p$a \"s\\s'\n"
		 "}\n"
		 "relay three { host = {h, \"h.two\"} connect-timeout = 2m\n"
		 "  user = u password-file = /etc/secret\n"
		 "  auth = {plain, Login} }\n"
		 "relay five { host = \"/run/x\" user = u password = p }\n"
		 "relay six { srv = example.net }\n"
		 "relay seven { host = \"/run/lmtp\" protocol = lmtp }\n"
		 "relay four { host = h user = u\n"
		 "  tls-certificate = /c tls-key-password-credential = pin\n"
		 "  password-command = {\"pass\", \"show\", \"\"} }\n"
		 "relay eight { host = h identity = qualify\n"
		 "  user = \"alice@example.com\" password = p }\n"
		 "relay nine { host = h user = \"alice@example.com\"\n"
		 "  tls-certificate = /c tls-key-password-command = {p, k}\n"
		 "  password = p }\n");
	assert_string_equal(c.host_name, "host.example.org");
	assert_string_equal(c.domain, "example.org");
	assert_int_equal(c.max_size, 10240);
	assert_int_equal(c.delivery, DELIVERY_FOREGROUND);
	assert_int_equal(c.received, RECEIVED_USER);
	assert_true(c.extract_remove);
	assert_string_equal(c.default_relay, "two");
	assert_string_equal(c.queue_path, "/var/tmp/q");
	assert_false(c.queue_enabled);
	assert_int_equal(c.retry_count, 2);
	assert_int_equal(c.retry[0], 30);
	assert_int_equal(c.retry[1], 7 * 86400);
	assert_int_equal(c.lifetime, 2 * 86400);
	assert_int_equal(c.warn_after, 0);
	assert_int_equal(c.relay_count, 9);
	assert_string_equal(c.relays[0].hosts[0], "[::1]");
	assert_int_equal(c.relays[2].auth,
	    MECHANISM_BIT(MECHANISM_PLAIN) | MECHANISM_BIT(MECHANISM_LOGIN));
	assert_string_equal(c.relays[0].senders[0], "a@b");
	assert_string_equal(c.relays[0].senders[1], "*@c.d");
	assert_null(c.relays[0].senders[2]);
	assert_int_equal(c.relays[0].timeout_ms, 300000);
	assert_int_equal(c.relays[0].connections, 3);
	assert_int_equal(c.relays[0].per_connection, 0);
	assert_int_equal(c.relays[0].window, 7);
	assert_int_equal(c.relays[0].window_size, 65536);
	assert_int_equal(c.relays[0].linger_ms, 0);
	assert_int_equal(c.relays[0].rate_count, 2);
	assert_int_equal(c.relays[0].rate[0].count, 30);
	assert_int_equal(c.relays[0].rate[0].seconds, 60);
	assert_int_equal(c.relays[0].rate[1].count, 500);
	assert_int_equal(c.relays[0].rate[1].seconds, 86400);
	assert_string_equal(c.relays[0].from, "alerts@example.org");
	assert_int_equal(c.relays[1].connect_timeout_ms, 20000);
	assert_int_equal(c.relays[2].connect_timeout_ms, 120000);
	assert_int_equal(c.foreground_timeout_ms, 60000);
	assert_int_equal(c.relays[0].family, FAMILY_IPV6);
	assert_string_equal(c.relays[0].source_address, "2001:db8::1");
	assert_int_equal(c.relays[1].family, FAMILY_IPV4);
	assert_string_equal(c.relays[1].tls_ca_file, "/etc/ca.pem");
	assert_string_equal(c.relays[1].tls_certificate, "/c");
	assert_string_equal(c.relays[1].tls_key, "pkcs11:k");
	assert_string_equal(c.relays[1].tls_key_password_file, "/p");
	assert_null(c.relays[1].tls_key_password_command);
	assert_null(c.relays[1].tls_key_password_credential);
	assert_string_equal(c.relays[6].tls_key_password_credential, "pin");
	assert_string_equal(c.relays[8].tls_key_password_command[1], "k");
	assert_null(c.relays[8].tls_key_password_command[2]);
	assert_int_equal(c.relays[1].auth,
	    MECHANISM_BIT(MECHANISM_LOGIN) | MECHANISM_BIT(MECHANISM_EXTERNAL));
	assert_int_equal(c.relays[0].auth, mechanism_usual());
	assert_string_equal(c.relays[1].tls_crl_file, "/etc/crl.pem");
	assert_true(c.relays[1].tls_1_3);
	assert_false(c.relays[0].tls_1_3);
	assert_string_equal(c.relays[1].tls_pins[1], PIN);
	assert_null(c.relays[1].tls_pins[2]);
	assert_false(c.relays[1].tls_pin_only);
	assert_int_equal(c.relays[0].dane, DANE_OFF);
	assert_int_equal(c.relays[1].dane, DANE_REQUIRE);
	assert_null(c.relays[0].tls_pins[0]);
	assert_string_equal(c.relays[1].user, "alice@example.com");
	assert_string_equal(c.relays[1].password, "");
	assert_string_equal(c.relays[2].hosts[0], "h");
	assert_string_equal(c.relays[2].hosts[1], "h.two");
	assert_null(c.relays[2].hosts[2]);
	assert_string_equal(c.relays[2].password_file, "/etc/secret");
	assert_string_equal(c.relays[3].hosts[0], "/run/x");
	assert_int_equal(c.relays[3].tls, TLS_NONE);
	assert_string_equal(c.relays[4].srv, "example.net");
	assert_null(c.relays[4].hosts[0]);
	assert_string_equal(c.relays[5].hosts[0], "/run/lmtp");
	assert_int_equal(c.relays[5].protocol, PROTOCOL_LMTP);
	assert_int_equal(c.relays[5].tls, TLS_NONE);
	assert_string_equal(c.relays[6].password_command[0], "pass");
	assert_string_equal(c.relays[6].password_command[1], "show");
	assert_string_equal(c.relays[6].password_command[2], "");
	assert_null(c.relays[6].password_command[3]);
	assert_int_equal(c.relays[0].identity, IDENTITY_FORCE);
	assert_string_equal(c.relays[0].masquerade[0], "*.a.example=b.example");
	assert_string_equal(c.relays[0].masquerade[1], "web1=b");
	assert_null(c.relays[0].masquerade[2]);
	assert_int_equal(c.relays[7].identity, IDENTITY_QUALIFY);
	assert_string_equal(c.relays[7].from, "alice@example.com");
	assert_null(c.relays[8].from);
	assert_ptr_equal(config_relay(&c, "three"), &c.relays[2]);
	assert_null(config_relay(&c, "Three"));
	config_release(&c);
}

static void
test_other_secrets(void **state)
{
	struct config c;

	(void)state;
	load(&c, "relay one { host = h user = u netrc-file = \"/netrc\"\n"
		 "  proxy = \"socks5h://p:1\" proxy-user = \"pu\"\n"
		 "  proxy-password-file = \"/pp\" }\n"
		 "relay two { host = h user = u password-credential = pc }\n");
	assert_string_equal(c.relays[0].netrc_file, "/netrc");
	assert_string_equal(c.relays[0].proxy, "socks5h://p:1");
	assert_string_equal(c.relays[0].proxy_user, "pu");
	assert_string_equal(c.relays[0].proxy_password_file, "/pp");
	assert_null(c.relays[0].password_credential);
	assert_string_equal(c.relays[1].password_credential, "pc");
	assert_null(c.relays[1].proxy);
	assert_null(c.relays[1].proxy_user);
	assert_null(c.relays[1].netrc_file);
	config_release(&c);
}

static const struct {
	const char *text;
	int port;
	enum tls_mode tls;
} ports[] = {
    {"", 587, TLS_STARTTLS},
    {"port = 465", 465, TLS_IMPLICIT},
    {"port = 587", 587, TLS_STARTTLS},
    {"port = 25", 25, TLS_STARTTLS},
    {"port = 1", 1, TLS_STARTTLS},
    {"port = 65535", 65535, TLS_STARTTLS},
    {"port = \"2525\"", 2525, TLS_STARTTLS},
    {"tls = implicit", 465, TLS_IMPLICIT},
    {"tls = starttls", 587, TLS_STARTTLS},
    {"tls = none", 25, TLS_NONE},
    {"tls = \"implicit\" port = 587", 587, TLS_IMPLICIT},
    {"tls = starttls port = 465", 465, TLS_STARTTLS},
    {"tls = none port = 465", 465, TLS_NONE},
    {"protocol = smtp", 587, TLS_STARTTLS},
    {"protocol = lmtp", 24, TLS_IMPLICIT},
    {"protocol = lmtp tls = none", 24, TLS_NONE},
    {"protocol = lmtp port = 2424", 2424, TLS_IMPLICIT},
    {"protocol = lmtp port = 2424 tls = none", 2424, TLS_NONE},
};

static void
test_ports(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(ports); i++) {
		struct config c;
		char text[200];

		snprintf(text, sizeof text, "relay x { host = h %s }",
		    ports[i].text);
		load(&c, text);
		if (c.relays[0].port != ports[i].port ||
		    c.relays[0].tls != ports[i].tls)
			fail_msg("%s: %d, %d", ports[i].text, c.relays[0].port,
			    (int)c.relays[0].tls);
		config_release(&c);
	}
}

/* Where remarks may stand, also those that look like settings. */
static void
test_remarks(void **state)
{
	struct config c;

	(void)state;
	load(&c, "# domain = \"x.y\"\n"
		 "domain = \"a.b\" # the one\n"
		 "/* relay \"no\" {\n\n host = h\n } */\n"
		 "relay \"work\" { // here\n"
		 "  senders = {\"a#@b\", # the first\n"
		 "    /* \"no@no\", */ \"c@d\" }\n"
		 "  host = \"h\"\n"
		 "} # }");
	assert_string_equal(c.domain, "a.b");
	assert_int_equal(c.relay_count, 1);
	assert_string_equal(c.relays[0].senders[0], "a#@b");
	assert_string_equal(c.relays[0].senders[1], "c@d");
	assert_null(c.relays[0].senders[2]);
	config_release(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_defaults),
	    cmocka_unit_test(test_empty_file),
	    cmocka_unit_test(test_every_setting),
	    cmocka_unit_test(test_other_secrets),
	    cmocka_unit_test(test_ports),
	    cmocka_unit_test(test_remarks),
	};

	return cmocka_run_group_tests(tests, begin, folder_remove);
}
