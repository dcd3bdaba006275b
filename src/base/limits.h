/* SPDX-License-Identifier: ISC */
/* Every ceiling of pillarbox on one page, each with its reason. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

#define KIB 1024
#define MIB (1024 * 1024)

/* RFC 5321 4.5.3.1.1 to .3: octets, without the angle brackets. */
#define LOCAL_PART_MAX 64
#define DOMAIN_MAX 255
#define LABEL_MAX 63 /* RFC 1035 2.3.4 */
#define PATH_MAX_5321 254

/* RFC 5321 4.5.3.1.6: 1000 octets with CRLF. */
#define TEXT_LINE_MAX 998

/*
 * A header block is held in memory, so it needs a ceiling. Sendmail's own
 * default is 32 KiB, Postfix's 100 KiB; lists of recipients in To are the
 * longest honest headers seen.
 */
#define HEADER_BLOCK_MAX (1 * MIB)

/* Fields looked at for the names in DKIM signatures, each of which is looked
 * for in the whole header: a second or two. Mail that was forwarded often has
 * some hundreds of names and of fields. */
#define SIGNED_LOOKS_MAX 10000000

/* RFC 5321 6.3: with so many Received fields a message goes round for ever.
 * Honest ones have ten or so. */
#define RECEIVED_MAX 50

/* A body up to this size is held in memory; a larger one in a temporary file.
 */
#define BODY_IN_MEMORY_MAX (256 * KIB)

/* max-size where the configuration is silent: Gmail, SES and M365 refuse more.
 */
#define MESSAGE_SIZE_DEFAULT (50LL * MIB)

/* Of one that is refused, what is read on for whoever still writes. */
#define REFUSED_MAX (64 * MIB)

/* The store's own ceiling, whatever a caller feeds it. */
#define ENTRY_SIZE_MAX (4LL * 1024 * MIB)

/*
 * Left free on the disk of the queue, octets and inodes: so that records can
 * still be written of what is there, and reports be queued. Nobody's new
 * message goes below.
 */
#define FREE_SPACE_FLOOR (16LL * MIB)
#define FREE_INODES_FLOOR 128

/* Left besides by the messages of all but root and the owner of the queue, so
 * that no user can shut out what the host itself has to say. */
#define FREE_SPACE_RESERVED FREE_SPACE_FLOOR
#define FREE_INODES_RESERVED FREE_INODES_FLOOR

/* Recipients of one message: about as many as a command line has room for, and
 * a head of a few MiB. A relay gets them in many transactions. */
#define RCPT_COUNT_MAX 100000

/* Of one entry, with those that its recipients' aliases stand for. */
#define ENTRY_RCPT_MAX (2 * RCPT_COUNT_MAX)

/* Head of an entry: RCPT_COUNT_MAX lines of usual addresses. */
#define ENTRY_HEAD_MAX (8 * MIB)

/* Outcome records of one entry: five days of attempts at RCPT_COUNT_MAX
 * recipients, each with an answer of its own. */
#define ENTRY_RECORDS_MAX (64 * MIB)

/* RFC 3461 4: what a caller may say about notification. */
#define ENVID_MAX 100
#define ORCPT_MAX 500
#define NOTIFY_MAX 28

/* Text of the relay kept in a record or shown: RFC 5321 4.5.3.1.5 allows 512
 * octets a line, and three lines say what there is to say. */
#define REPLY_TEXT_MAX 1024

/* A message up to this size is sent before the answers to its envelope are
 * there: sent in vain, it costs less than the wait. */
#define SPECULATIVE_MAX (64 * KIB)

/* Messages that may be unanswered at a time. A connection that breaks leaves as
 * many in doubt. */
#define WINDOW_MAX 256

/* In one transaction, until the relay takes less: Postfix hangs up on whoever
 * names 2,021, and then nobody gets the message. */
#define TRANSACTION_RCPT_MAX 1000

/* A relay hangs up on whoever makes too many errors, and with what it has not
 * read by then go the replies that are on their way, so that what it had taken
 * is in doubt. So what is refused, and what may yet be, is kept below that:
 * Postfix does so at the 20th error since a message was taken, */
#define ERRORS_MAX 18

/* Exim at the 11th RSET of a session that no message came before. */
#define FAILURES_MAX 9

/* Unless so many have been taken in a row: then all of the window is used. */
#define GOOD_ENOUGH 18

/* Rounds of one message in which somebody was settled and nobody got it: each
 * may be a session that the relay has ended. */
#define VAIN_ROUNDS_MAX 100

/* Sessions with one relay at a time: no provider lets more pass for long. */
#define CONNECTIONS_MAX 64

/* Times in which recipients are counted: a minute, an hour, a day, a month. */
#define QUOTA_COUNT_MAX 4

/* A session waits for more no longer than that, and no process that nobody
 * waits for does so when it is older: a configuration that is changed comes to
 * count, and a provider sees no session that never ends. */
#define LINGER_MAX_MS 60000

/* Commands and small messages are gathered until they fill a TLS record. */
#define GATHER_MAX (16 * KIB)

/* Refusals of one session that are logged. */
#define LOGGED_REFUSALS_MAX 20

/* A reply, all its lines: a server that sends more is broken or hostile. */
#define REPLY_MAX (64 * KIB)

/* RET=FULL gives back a message up to this size, of a larger one its header:
 * no relay shall refuse a report for its size. */
#define REPORT_FULL_MAX (4LL * MIB)

/* So many recipients are named to the reader of a report; the part for
 * machines has all. */
#define REPORT_LISTED_MAX 100

/* A configuration file; a relay takes a few hundred bytes. */
#define CONFIG_FILE_MAX (1 * MIB)

/* The aliases file, and each list that it includes; Debian's own is 50 bytes.
 */
#define ALIAS_FILE_MAX (1 * MIB)

/* A line of these: a thousand addresses. */
#define ALIAS_LINE_MAX (64 * KIB)

/* Names in the file. */
#define ALIAS_COUNT_MAX 10000

/* Addresses that one alias stands for in the end: a mailing list. */
#define ALIAS_ADDRESSES_MAX 10000

/* Aliases and lists that lead to each other one after the other; what people
 * write has three or four. */
#define ALIAS_DEPTH_MAX 16

/* Lists that are read for one recipient. */
#define ALIAS_LISTS_MAX 100

/* Passwords and bearer tokens: Microsoft's tokens are some 4 KiB. */
#define SECRET_MAX (16 * KIB)

/* A challenge of a login, as it is sent. RFC 4954 4 allows 12,288 octets; those
 * of SCRAM have some 150. */
#define SASL_CHALLENGE_MAX 1000

/* Rounds of hashing that a server may ask for in SCRAM. RFC 7677 4: 4096 at
 * least; a million takes two seconds, and nobody recommends more. */
#define SCRAM_ITERATIONS_MIN 4096
#define SCRAM_ITERATIONS_MAX 1000000

/* A netrc-file: a line for each of a few hundred machines. */
#define NETRC_FILE_MAX (64 * KIB)

/* What an endpoint of OAuth2 answers: with tokens of 4 KiB each, and an
 * id_token that nobody asked for, some 10 KiB. */
#define OAUTH_REPLY_MAX (64 * KIB)

/* The address of an endpoint, with its NUL. */
#define OAUTH_URL_SIZE 512

/* One request to it, in milliseconds, of which so much to connect. */
#define OAUTH_TIMEOUT_MS 20000
#define OAUTH_CONNECT_MS 10000

/* Whoever renews the token of a relay has done so within this time, or is
 * stopped by whoever started it: then others go on without it. */
#define OAUTH_LOCK_MS 30000

/* A browser's request to us, of which an address with a code of some 2 KiB is
 * the most; and how long it may take. Cookies of other servers of this host may
 * come along. */
#define REDIRECT_REQUEST_MAX (16 * KIB)
#define REDIRECT_PATIENCE_MS 3000

/* A person agrees within this time, or begins anew. */
#define AUTHORIZE_MS 600000

/* password-command must answer within this time, in milliseconds: long enough
 * for a person to unlock a key store. */
#define SECRET_COMMAND_MS 60000

/* What it says on its standard error, as far as it is passed on. */
#define SECRET_SAID_MAX (4 * KIB)

/* Different waits between attempts that can be configured, each longer than
 * the one before: a day in minutes needs fewer. */
#define RETRY_COUNT_MAX 16

/* Hosts of one relay: each may cost a timeout before a message is put off. */
#define HOST_COUNT_MAX 16

/* Public keys that a relay may have: the old one and the new one, for each of
 * its hosts; and as "sha256//" and base64, with a NUL. */
#define PIN_COUNT_MAX 16
#define PIN_SIZE 53

/* Names of relays, ids and host names in fixed arrays, with their NUL. */
#define RELAY_NAME_SIZE 64
#define ENTRY_ID_SIZE 32
#define HOST_NAME_SIZE 256

/* One block of a copy loop. */
#define IO_BLOCK (64 * KIB)

#endif
