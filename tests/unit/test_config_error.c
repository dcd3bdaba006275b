/* SPDX-License-Identifier: ISC */
/* Broken configurations: each is said with its file, line and key. */
#include "unit.h"

#include "base/text.h"
#include "config/config.h"

#include "scratch_folder.h"

#include <sys/wait.h>

#define HOST "relay \"work\" {\n host = \"smtp.example.com\"\n"

#define BASE64_42 "01234567890123456789+/abcdefghijklmnopqrst"
#define PIN "sha256//" BASE64_42 "A="

#define USER HOST " user = u\n"
#define OAUTH " oauth {\n"

/* line 0: of the file as a whole. */
static const struct {
	const char *text;
	int line;
	const char *words[3];
} errors[] = {
    /* names nobody knows */
    {"hostnam = \"a.b\"\n", 1,
	{"unknown setting \"hostnam\"", "did you mean \"hostname\"?"}},
    {"\n\nmax_size = 5\n", 3, {"\"max_size\"", "mean \"max-size\"?"}},
    {"defaultrelay = x\n", 1, {"mean \"default-relay\"?"}},
    {"relays \"x\" {\n}\n", 1, {"\"relays\"", "mean \"relay\"?"}},
    {"frobnicate = 1\n", 1, {"unknown setting \"frobnicate\""}},
    {"\"frob nicate\" = 1\n", 1, {"unknown setting \"frob nicate\""}},
    {HOST " pasword = \"x\"\n}\n", 3,
	{"unknown setting \"pasword\" in relay \"work\"",
	    "did you mean \"password\"?"}},
    {HOST " time-out = 5\n}\n", 3,
	{"\"time-out\" in relay \"work\"", "mean \"timeout\"?"}},
    {HOST " sender = x\n}\n", 3, {"\"sender\"", "mean \"senders\"?"}},
    {HOST " hostname = x\n}\n", 3, {"\"hostname\" in relay \"work\""}},
    {"queue {\n\n pth = /x\n}\n", 3, {"\"pth\" in queue", "mean \"path\"?"}},
    /* the last of the longest section, and of that in it */
    {HOST " rates = x\n}\n", 3, {"did you mean \"rate\"?"}},
    {HOST OAUTH " token-comand = x\n}\n}\n", 4,
	{"did you mean \"token-command\"?"}},
    {"include(\"/etc/passwd\")\n", 1, {"unknown setting \"include\""}},
    /* values that cannot be */
    {"aliases = \"aliases\"\n", 1,
	{"aliases is \"aliases\"; write a whole path"}},
    {"hostname = \"a b\"\n", 1, {"hostname is \"a b\"", "such as"}},
    {"hostname = \"\"\n", 1, {"hostname is \"\""}},
    {"hostname = \"a..b\"\n", 1, {"hostname is \"a..b\""}},
    {"hostname = \"a.b\\r\\nX: y\"\n", 1, {"hostname is \"a.b??X: y\""}},
    {"hostname = \"%s%n\"\n", 1, {"hostname is \"%s%n\""}},
    {"domain = \"x@y.z\"\n", 1, {"domain is \"x@y.z\""}},
    {"domain = \"-.\"\n", 1, {"domain is \"-.\""}},
    {"max-size = \"big\"\n", 1, {"max-size is \"big\"", "\"50M\""}},
    {"max-size = 0\n", 1, {"max-size is \"0\""}},
    {"max-size = \"-1\"\n", 1, {"max-size is \"-1\""}},
    {"max-size = 5G\n", 1, {"max-size is \"5G\"", "4G"}},
    {"max-size = 4294967297\n", 1, {"max-size is \"4294967297\""}},
    {"delivery = \"pigeon\"\n", 1,
	{"delivery is \"pigeon\"", "background, foreground or queue"}},
    {"delivery = Queue\n", 1, {"delivery is \"Queue\""}},
    {"received = yes\n", 1, {"received is \"yes\"", "none, host or user"}},
    {"extract-addresses = yes\n", 1,
	{"extract-addresses is \"yes\"", "add or remove"}},
    {"queue {\n path = \"spool\"\n}\n", 2, {"path is \"spool\"", "\"/\""}},
    {"queue {\n path = \"\"\n}\n", 2, {"path is \"\""}},
    {"queue {\n enabled = perhaps\n}\n", 2, {"enabled"}},
    {HOST " host = \"a b\"\n}\n", 3, {"host is \"a b\""}},
    {HOST " host = \"\"\n}\n", 3, {"host is \"\""}},
    {HOST " host = \"a.b/c\"\n}\n", 3, {"host is \"a.b/c\""}},
    {HOST " host = \"u:p@a.b\"\n}\n", 3, {"host is \"u:p@a.b\""}},
    {HOST " host = \"a.b:25\"\n}\n", 3, {"host is \"a.b:25\""}},
    {HOST " host = {\"a.b\", \"c d\"}\n}\n", 3, {"host is \"c d\""}},
    {HOST " host = {}\n}\n", 4, {"no host"}},
    {HOST " host = {a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q}\n}\n", 3,
	{"host has more than 16"}},
    {HOST " port = 0\n}\n", 3, {"port is 0", "1 to 65535"}},
    {HOST " port = 65536\n}\n", 3, {"port is 65536"}},
    {HOST " port = -25\n}\n", 3, {"port is -25"}},
    {HOST " port = many\n}\n", 3, {"port is \"many\"", "a number"}},
    {HOST " port = 0465\n}\n", 3, {"port is 0465", "without the leading"}},
    {HOST " port = 00\n}\n", 3, {"port is 00", "without the leading"}},
    {HOST " port = 0x1D1\n}\n", 3, {"port is 0x1D1"}},
    {HOST " port = \"\"\n}\n", 3, {"port is \"\""}},
    {HOST " port = \"+25\"\n}\n", 3, {"port is \"+25\""}},
    {HOST " port = \"-\"\n}\n", 3, {"port is \"-\""}},
    {HOST " window = 010\n}\n", 3, {"window is 010"}},
    {HOST " connections = 02\n}\n", 3, {"connections is 02"}},
    {HOST " messages-per-connection = 0100\n}\n", 3,
	{"messages-per-connection is 0100"}},
    {HOST " port = 99999999999999999999\n}\n", 3, {"port"}},
    {HOST " tls = ssl\n}\n", 3,
	{"tls is \"ssl\"", "implicit, starttls or none"}},
    {HOST " tls = \"\"\n}\n", 3, {"tls is \"\""}},
    {HOST " tls-ca-file = ca.pem\n}\n", 3, {"tls-ca-file is \"ca.pem\""}},
    {HOST " address-family = ip\n}\n", 3,
	{"address-family is \"ip\"", "any, ipv4 or ipv6"}},
    {HOST " tls-pin = {\"sha256//x\"}\n}\n", 3,
	{"tls-pin has \"sha256//x\"", "base64"}},
    {HOST " tls-pin = {\"" PIN "\",\n\"" PIN "A\"}\n}\n", 4, {"tls-pin has"}},
    {HOST " tls-pin = \"sha256//" BASE64_42 "B=\"\n}\n", 3, {"tls-pin has"}},
    {HOST " tls-pin = \"sha1//" BASE64_42 "A=\"\n}\n", 3, {"tls-pin has"}},
    {HOST " tls-crl-file = crl.pem\n}\n", 3, {"tls-crl-file is \"crl.pem\""}},
    {HOST " tls-minimum = 1.1\n}\n", 3,
	{"tls-minimum is \"1.1\"", "1.2 or 1.3"}},
    {HOST " tls-certificate = own.pem\n}\n", 3,
	{"tls-certificate is \"own.pem\"", "pkcs11:"}},
    {HOST " tls-key = \"pkcs12:x\"\n}\n", 3, {"tls-key is"}},
    {HOST " tls-key = /k\n}\n", 4, {"tls-key without tls-certificate"}},
    {HOST " tls-key-password-file = /k\n}\n", 4, {"without a key"}},
    {HOST " tls-key-password-file = k\n}\n", 3, {"is \"k\""}},
    {HOST " tls-key-password-command = {pass}\n}\n", 4, {"without a key"}},
    {HOST " tls-key-password-command = {\"\"}\n}\n", 3,
	{"tls-key-password-command is empty"}},
    {HOST " tls-key-password-credential = k\n}\n", 4, {"without a key"}},
    {HOST " tls-key-password-credential = \"../k\"\n}\n", 3,
	{"tls-key-password-credential is \"../k\""}},
    {HOST " tls-certificate = /c tls-key-password-file = /k\n"
	  " tls-key-password-command = {pass, k}\n}\n",
	5, {"more than one of tls-key-password-file", "keep one"}},
    {HOST " tls-certificate = /c tls-key-password-file = /k\n"
	  " tls-key-password-credential = k\n}\n",
	5, {"more than one of tls-key-password-file"}},
    {HOST " tls-certificate = /c tls-key-password-command = {pass}\n"
	  " tls-key-password-credential = k\n}\n",
	5, {"more than one of tls-key-password-file"}},
    {HOST " tls = none tls-certificate = /c\n}\n", 4, {"remove tls = none"}},
    {HOST " auth = {PLAIN,\n SCRAM}\n}\n", 4,
	{"auth has \"SCRAM\"", "EXTERNAL, ",
	    "DIGEST-MD5, CRAM-MD5, PLAIN, LOGIN"}},
    {HOST " auth = {PLAIN}\n}\n", 4, {"auth without a user"}},
    {HOST " auth = {EXTERNAL}\n}\n", 4, {"needs tls-certificate"}},
    {HOST " auth = {EXTERNAL} tls-certificate = /c password-file = /p user = a"
	  "\n}\n",
	4, {"EXTERNAL needs no password"}},
    {HOST " auth = {EXTERNAL, PLAIN} tls-certificate = /c user = a\n}\n", 4,
	{"a user without a password"}},
    {HOST " protocol = lmtp auth = {EXTERNAL} tls-certificate = /c\n}\n", 4,
	{"without a login"}},
    {"relay x {\n host = /run/x\n tls-pin = \"" PIN "\"\n}\n", 4,
	{"a socket has no TLS", "tls-pin"}},
    {HOST " tls = none tls-trust = pin\n}\n", 4, {"needs tls-pin"}},
    {HOST " tls-trust = all\n}\n", 3,
	{"tls-trust is \"all\"", "authority or pin"}},
    {HOST " tls-trust = pin\n}\n", 4, {"tls-trust = pin needs tls-pin"}},
    {HOST " tls-trust = pin tls-pin = \"" PIN "\" tls-ca-file = /x\n}\n", 4,
	{"remove tls-ca-file"}},
    {HOST " tls-dane = true\n}\n", 3,
	{"tls-dane is \"true\"", "off, prefer or require"}},
    {HOST " tls-dane = prefer tls-trust = pin tls-pin = \"" PIN "\"\n}\n", 4,
	{"tls-trust = pin", "remove tls-dane"}},
    {HOST " tls-dane = prefer tls = none\n}\n", 4,
	{"tls-dane", "remove tls = none"}},
    {"relay x {\n host = {h, \"192.0.2.1\"}\n tls-dane = prefer\n}\n", 4,
	{"tls-dane", "instead of its address"}},
    {"relay x {\n host = \"[::1]\"\n tls-dane = require\n}\n", 4,
	{"tls-dane", "instead of its address"}},
    {"relay x {\n host = /run/x\n tls-dane = require\n}\n", 4,
	{"a socket has no TLS", "tls-dane"}},
    {HOST " tls = none tls-pin = \"" PIN "\"\n}\n", 4, {"remove tls = none"}},
    {HOST " source-address = eth0\n}\n", 3, {"source-address is \"eth0\""}},
    {HOST " source-address = \"[::1]\"\n}\n", 3,
	{"source-address is \"[::1]\""}},
    {HOST " source-address = \"::1\"\n address-family = ipv4\n}\n", 5,
	{"not of this address-family"}},
    {HOST " proxy = \"ftp://secret@a:1\"\n}\n", 3, {"proxy is not such as"}},
    {HOST " proxy = \"socks5h://a\"\n}\n", 3, {"proxy is not such as"}},
    {HOST " proxy = \"http://a:0\"\n}\n", 3, {"proxy is not such as"}},
    {HOST " proxy-user = u\n proxy-password-file = /x\n}\n", 5,
	{"without a proxy"}},
    {HOST " proxy = \"http://a:1\"\n proxy-user = u\n}\n", 5, {"go together"}},
    {HOST " proxy = \"http://u@a:1\"\n proxy-user = u\n"
	  " proxy-password-file = /x\n}\n",
	6, {"a login in it"}},
    {HOST " host = {\"/x\", \"a.b\"}\n}\n", 4, {"do not mix"}},
    {HOST " host = \"/x\"\n tls = starttls\n}\n", 5, {"has no TLS"}},
    {HOST " host = \"/x\"\n port = 25\n}\n", 5, {"no port"}},
    {HOST " host = \"/x\"\n proxy = \"http://a:1\"\n}\n", 5, {"proxy"}},
    {HOST " host = \"/123456789/123456789/123456789/123456789/123456789/"
	  "123456789/123456789/123456789/123456789/123456789/12345678\"\n}\n",
	3, {"host is \"/123"}},
    {HOST " protocol = esmtp\n}\n", 3,
	{"protocol is \"esmtp\"", "it can be smtp or lmtp"}},
    {HOST " protocol = \"\"\n}\n", 3, {"protocol is \"\""}},
    {HOST " protocol = lmtp\n tls = starttls\n}\n", 5,
	{"without STARTTLS", "tls = implicit or tls = none"}},
    {HOST " protocol = lmtp\n user = u\n password = p\n}\n", 6,
	{"without a login", "remove user"}},
    {"relay x {\n srv = \"a.b\"\n protocol = lmtp\n}\n", 4,
	{"for submission", "host = \"lmtp.example.org\""}},
    {HOST " srv = \"a.b\"\n}\n", 4, {"host and srv"}},
    {"relay x {\n srv = \"a.b\"\n port = 25\n}\n", 4, {"remove port and tls"}},
    {"relay x {\n srv = \"a.b\"\n tls = none\n}\n", 4, {"port and tls"}},
    {"relay x {\n srv = \"a.b\"\n proxy = \"http://a:1\"\n}\n", 4,
	{"by a proxy"}},
    {"relay x {\n srv = \"a b\"\n}\n", 2, {"srv is \"a b\""}},
    {HOST " from = alice\n}\n", 3, {"from is \"alice\"", "such as"}},
    {HOST " from = \"a@b, c@d\"\n}\n", 3, {"from is \"a@b, c@d\""}},
    {HOST " from = \"\"\n}\n", 3, {"from is \"\""}},
    {HOST " identity = always\n}\n", 3,
	{"identity is \"always\"", "keep, qualify or force"}},
    {HOST " identity = force\n}\n", 4, {"write from ="}},
    {HOST " identity = qualify\n user = u\n password = p\n}\n", 6,
	{"relay \"work\"", "write from ="}},
    {HOST " masquerade = \"a.b\"\n}\n", 3,
	{"masquerade has \"a.b\"", "\"*.example.org=example.org\""}},
    {HOST " masquerade = {\"a=b\", \"=b\"}\n}\n", 3, {"has \"=b\""}},
    {HOST " masquerade = \"a=\"\n}\n", 3, {"masquerade has \"a=\""}},
    {HOST " masquerade = \"a=*.b\"\n}\n", 3, {"masquerade has"}},
    {HOST " masquerade = \"a*=b\"\n}\n", 3, {"masquerade has"}},
    {HOST " masquerade = \"a.*.b=b\"\n}\n", 3, {"masquerade has"}},
    {HOST " masquerade = \"a=b=c\"\n}\n", 3, {"masquerade has"}},
    {HOST " masquerade = \"x@a=b\"\n}\n", 3, {"masquerade has"}},
    {HOST " masquerade = \"a=b c\"\n}\n", 3, {"masquerade has"}},
    {HOST " connections = 0\n}\n", 3, {"connections is 0", "1 to 64"}},
    {HOST " connections = 65\n}\n", 3, {"connections is 65"}},
    {HOST " window = 0\n}\n", 3, {"window is 0"}},
    {HOST " window = 257\n}\n", 3, {"window is 257"}},
    {HOST " window-size = \"much\"\n}\n", 3, {"window-size is \"much\""}},
    {HOST " messages-per-connection = -1\n}\n", 3,
	{"messages-per-connection is -1"}},
    {HOST " linger = 61s\n}\n", 3, {"linger is \"61s\"", "60s at most"}},
    {HOST " rate = 500\n}\n", 3, {"rate has \"500\"", "\"500/1d\""}},
    {HOST " rate = \"0/1d\"\n}\n", 3, {"rate has \"0/1d\""}},
    {HOST " rate = {\"5/1m\", \"5/0s\"}\n}\n", 3, {"rate has \"5/0s\""}},
    {HOST " rate = \"5/40d\"\n}\n", 3, {"rate has \"5/40d\"", "31 days"}},
    {HOST " rate = {5/1m, 5/2m, 5/3m, 5/4m, 5/5m}\n}\n", 3,
	{"more than 4 limits"}},
    {HOST " timeout = soon\n}\n", 3, {"timeout is \"soon\"", "\"30s\""}},
    {HOST " timeout = \"0s\"\n}\n", 3, {"timeout is \"0s\""}},
    {HOST " connect-timeout = 0\n}\n", 3, {"connect-timeout is \"0\""}},
    {"foreground-timeout = 0\n", 1, {"foreground-timeout is \"0\""}},
    {HOST " password-file = \"secret\"\n}\n", 3,
	{"password-file is \"secret\""}},
    {HOST " password-command = {\"\"}\n}\n", 3, {"password-command"}},
    {HOST " netrc-file = \"netrc\"\n}\n", 3, {"netrc-file is \"netrc\""}},
    {HOST " password-credential = \"../x\"\n}\n", 3,
	{"password-credential is \"../x\"", "\"smtp-password\""}},
    {HOST " password-credential = \"\"\n}\n", 3, {"password-credential is"}},
    {HOST " user = u\n netrc-file = /x\n password-credential = x\n}\n", 6,
	{"more than one of"}},
    {HOST " netrc-file = /x\n}\n", 4, {"without a user"}},
    {HOST " senders = {\"a@b\",\n\"bob\"}\n}\n", 4,
	{"senders has \"bob\"", "\"*@example.org\""}},
    {HOST " senders = {\"*@*.example\"}\n}\n", 3, {"senders has \"*@*.ex"}},
    {HOST " senders = {\"a+*@b\", \"a*@b\"}\n}\n", 3,
	{"senders has \"a*@b\"", "\"alice+*@example.org\""}},
    {HOST " senders = {\"+*x@b\"}\n}\n", 3, {"senders has \"+*x@b\""}},
    {HOST " senders = {\"A <a@b>\"}\n}\n", 3, {"senders has \"A <a@b>\""}},
    {HOST " senders = {\"\"}\n}\n", 3, {"senders has \"\""}},
    {HOST " senders = a@b c@d\n}\n", 3, {"\"c@d\""}},
    /* relays that are not whole */
    {"relay \"work\" {\n}\n", 2, {"relay \"work\"", "no host"}},
    {"relay {\n host = \"a.b\"\n}\n", 1, {"relay"}},
    {"relay \"\" {\n host = \"a.b\"\n}\n", 3, {"relay \"\"", "one word"}},
    {"relay \"a b\" { host = \"a.b\" }\n", 1, {"relay \"a b\"", "one word"}},
    {"relay \"../a\" { host = \"a.b\" }\n", 1, {"relay \"../a\"", "one word"}},
    {"relay \".a\" { host = \"a.b\" }\n", 1, {"relay \".a\"", "no \".\""}},
    {"relay \"caf\303\251\" { host = \"a.b\" }\n", 1, {"one word"}},
    /* the times of the queue */
    {"queue {\n retry = {\"1m\", \"soon\"}\n}\n", 2,
	{"retry has \"soon\"", "{\"1m\", \"1h\"}"}},
    {"queue {\n retry = {}\n}\n", 3, {"retry is empty"}},
    {"queue {\n retry = {0}\n}\n", 2, {"retry has \"0\""}},
    {"queue {\n retry = {8d}\n}\n", 2, {"retry has \"8d\"", "7d"}},
    {"queue {\n retry = {1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17}\n}\n", 2,
	{"retry has more than 16 times"}},
    {"queue {\n lifetime = 0\n}\n", 2, {"lifetime is \"0\"", "5d"}},
    {"queue {\n lifetime = 30s\n}\n", 2, {"lifetime is \"30s\""}},
    {"queue {\n lifetime = 366d\n}\n", 2, {"lifetime is \"366d\""}},
    {"queue {\n warn-after = never\n}\n", 2, {"warn-after is \"never\"", "0"}},
    {"queue {\n warnafter = 4h\n}\n", 2, {"mean \"warn-after\"?"}},
    {HOST "}\n" HOST "}\n", 4, {"work"}},
    {HOST " user = \"u\"\n}\n", 4,
	{"relay \"work\"", "without a password", "password-file"}},
    {HOST " user = \"u\"\n password-command = {}\n}\n", 5,
	{"without a password"}},
    {HOST " password = \"x\"\n}\n", 4, {"without a user"}},
    {HOST " user = u\n auth = scram-sha-512\n}\n", 4,
	{"auth has \"scram-sha-512\""}},
    {HOST " user = u\n auth = \"plain login\"\n}\n", 4,
	{"auth has \"plain login\""}},
    /* the second word of a password is not shown */
    {HOST " user = u\n password = open hunter2\n}\n", 4, {"in quotes"}},
    {HOST " proxy = http://u:x@a:1 hunter2\n}\n", 3, {"in quotes"}},
    {HOST " password = {\"hunter2\"}\n}\n", 3, {"{"}},
    {HOST " user = \"\"\n password = \"x\"\n}\n", 3, {"user is empty"}},
    {HOST " user = \"u\"\n password = \"\"\n}\n", 4, {"password is empty"}},
    {HOST " user = \"u\"\n password = \"x\"\n password-file = \"/x\"\n}\n", 6,
	{"relay \"work\"", "more than one"}},
    {HOST " user = u\n password-command = {x}\n password-file = /x\n}\n", 6,
	{"more than one"}},
    {HOST " user = \"u\"\n password = \"x\"\n tls = none\n}\n", 6,
	{"relay \"work\"", "without TLS"}},
    {HOST " user = u\n password = x\n" OAUTH " token-command = {a}\n}\n}\n", 8,
	{"more than one"}},
    {HOST " user = u\n netrc-file = /x\n" OAUTH " token-command = {a}\n}\n}\n",
	8, {"more than one", "oauth"}},
    {USER " auth = plain\n" OAUTH " token-command = {a}\n}\n}\n", 8,
	{"auth and oauth", "remove auth"}},
    {USER " auth = xoauth2\n}\n", 4, {"auth has \"xoauth2\"", "oauth"}},
    {HOST OAUTH " provider = google\n client-id = x\n}\n}\n", 7,
	{"without a user"}},
    {USER OAUTH "}\n}\n", 5, {"oauth: no provider", "token-endpoint"}},
    {USER OAUTH " provider = gogle\n}\n}\n", 5,
	{"\"gogle\" is not known", "google, microsoft"}},
    {USER OAUTH " provider = google\n}\n}\n", 6,
	{"no client-id", "pillarbox-oauth(7)"}},
    {USER OAUTH " grant = password\n}\n}\n", 5,
	{"grant is \"password\"", "device"}},
    {USER OAUTH " provider = google\n client-id = x\n grant = device\n}\n}\n",
	8, {"no device-endpoint"}},
    {USER OAUTH " provider = yahoo\n client-id = x\n}\n}\n", 7,
	{"no redirect"}},
    {USER OAUTH " provider = google\n client-id = x\n tenant = a\n}\n}\n", 8,
	{"knows no tenant"}},
    {USER OAUTH " provider = azure\n client-id = x\n}\n}\n", 7,
	{"needs client-secret-file"}},
    {USER OAUTH
	" provider = azure\n client-id = x\n client-secret-file = /x\n}\n}\n",
	8, {"needs tenant"}},
    {USER OAUTH " tenant = \"a/b\"\n}\n}\n", 5, {"tenant is \"a/b\""}},
    {USER OAUTH " token-endpoint = \"http://a/\"\n}\n}\n", 5,
	{"token-endpoint is", "https://"}},
    {USER OAUTH " token-endpoint = \"https://u@a/\"\n}\n}\n", 5,
	{"token-endpoint is"}},
    {USER OAUTH " token-endpoint = \"https:///x\"\n}\n}\n", 5,
	{"token-endpoint is"}},
    {USER OAUTH " redirect = \"http://example.org\"\n}\n}\n", 5,
	{"redirect is", "127.0.0.1"}},
    {USER OAUTH " client-secret-file = x\n}\n}\n", 5, {"whole path"}},
    {USER OAUTH " client_id = x\n}\n}\n", 5,
	{"\"client_id\" in oauth", "mean \"client-id\"?"}},
    {USER OAUTH " token-command = {a}\n client-id = x\n}\n}\n", 7,
	{"keep one"}},
    {HOST "}\ndefault-relay = \"wrok\"\n", 0,
	{"default-relay", "no relay \"wrok\"", "did you mean \"work\"?"}},
    {"default-relay = \"work\"\n", 0, {"default-relay", "\"work\""}},
    /* what is no configuration at all */
    {"}\n", 1, {"brace"}},
    {"= 5\n", 1, {"="}},
    {"hostname \"a.b\"\n", 1, {"hostname"}},
    {"queue = 5\n", 1, {"queue"}},
    {"hostname = {\"a\", \"b\"}\n", 1, {"{"}},
    {HOST " host = \"a.b\"\n", 1, {"never closed"}},
    {"\nqueue {\n path = \"/x\"\n", 2, {"never closed"}},
    {"\n/* hostname = \"a.b\"\n", 2, {"never closed"}},
    {HOST "}\n" HOST " user = \"}\"\n", 4, {"never closed"}},
    /* what only looks like a remark */
    {"domain = http://x\n", 1, {"domain is \"http://x\""}},
    {"domain = \"a /* b\"\n", 1, {"domain is \"a /* b\""}},
    {"domain = 'a # b'\n", 1, {"domain is \"a # b\""}},
    {"domain = \"a\\\" // b\"\n", 1, {"domain is \"a\" // b\""}},
    /* the line is right whatever stands above it */
    {"# a remark\nfrob = 1\n", 2, {"\"frob\""}},
    {"// a remark\n\n// another\nfrob = 1\n", 4, {"\"frob\""}},
    {"/* a remark */\nfrob = 1\n", 2, {"\"frob\""}},
    {"/* two\n lines */\nfrob = 1\n", 3, {"\"frob\""}},
    {"domain = \"a.b\" # a remark\nfrob = 1\n", 2, {"\"frob\""}},
    {HOST " # a remark\n frob = 1\n}\n", 4, {"\"frob\""}},
    {HOST " senders = {\"a@b\",\n \"c@d\"\n }\n frob = 1\n}\n", 6,
	{"\"frob\""}},
    {"domain = \"a.\\\nb\"\n\nfrob = 1\n", 4, {"\"frob\""}},
    {"domain = \"a.b\"\r\nfrob = 1\r\n", 2, {"\"frob\""}},
    {HOST "}\nfrob = 1", 4, {"\"frob\""}},
    /* these leave the scanner within a string: last, and one by one */
    {"hostname = 'a.b\n", 2, {"unterminated"}},
    {"hostname = \"a.b\n", 2, {"end of file"}},
};

/* In a process of its own: an error within a string would mar the next. */
static void
test_error(void **state)
{
	size_t i = *(size_t *)*state;
	const char *text = errors[i].text;
	char *path = folder_path("pillarbox.conf");
	char place[200];
	int status = 0;
	pid_t pid;

	write_file(path, text, strlen(text), 0600);
	snprintf(place, sizeof place, "%s:%d: ", path, errors[i].line);
	if (errors[i].line == 0)
		snprintf(place, sizeof place, "%s:", path);
	pid = fork();
	if (pid == 0) {
		struct error err = {0};
		struct config c;
		bool fine = config_load(&c, path, &err) == -1 &&
			    err.kind == ERR_CONFIG &&
			    strstr(err.text, place) == err.text &&
			    strstr(err.text, "hunter2") == NULL;

		for (size_t n = 0; n < 3 && errors[i].words[n] != NULL; n++)
			fine = fine && strstr(err.text, errors[i].words[n]);
		if (!fine)
			print_error("%s\n", err.kind ? err.text : "is taken");
		_exit(fine ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (status != 0)
		fail_msg("line %d", errors[i].line);
}

/* A broken configuration in one line, without what many begin with. */
static void
name_case(char *to, size_t size, const char *text)
{
	size_t skip = strncmp(text, HOST, strlen(HOST)) ? 0 : strlen(HOST);

	text_copy_printable(to, size, span_of(text + skip));
	for (; *to != '\0'; to++)
		if (*to == '?')
			*to = ' ';
}

int
main(void)
{
	static struct CMUnitTest tests[COUNT(errors)];
	static size_t numbers[COUNT(errors)];
	static char names[COUNT(errors)][70];

	for (size_t i = 0; i < COUNT(errors); i++) {
		numbers[i] = i;
		name_case(names[i], sizeof names[i], errors[i].text);
		tests[i] = (struct CMUnitTest){.name = names[i],
		    .test_func = test_error,
		    .initial_state = &numbers[i]};
	}
	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
