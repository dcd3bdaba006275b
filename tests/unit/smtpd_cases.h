/* SPDX-License-Identifier: ISC */
/* Sessions of SMTP. What is not said to end otherwise ends with the input. */
#ifndef SMTPD_CASES_H
#define SMTPD_CASES_H

#include <stdbool.h>
#include <stddef.h>

#define CLOSES "221 2.0.0 host.example closes\r\n"
#define HELO_OK "250 host.example\r\n"
#define MAIL_OK "250 2.1.0 sender ok\r\n"
#define RCPT_OK "250 2.1.5 recipient ok\r\n"
#define DATA_OK "354 the message, and a dot in a line of its own\r\n"
#define QUEUED "250 2.0.0 ID queued\r\n"
#define RSET_OK "250 2.0.0 as if nothing had been said\r\n"
#define RSET_REFUSED "250 2.0.0 reset: " TOO_LARGE
#define UNKNOWN "500 5.5.2 no such command\r\n"
#define CONTROL "500 5.5.2 a control character in the line\r\n"
#define TOO_LARGE "552 5.3.4 message larger than max-size (1000 bytes)\r\n"

#define TEN "xxxxxxxx\r\n"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define THOUSAND                                                        \
	HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED \
	    HUNDRED HUNDRED

#define BEGIN "HELO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\n"
#define BEGUN HELO_OK MAIL_OK RCPT_OK
#define LETTER_AGAIN                                           \
	"MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\n" \
	"DATA\r\nSubject: s\r\n\r\ntext\r\n.\r\n"
#define LETTER "HELO x\r\n" LETTER_AGAIN
#define CHUNKED                                                \
	"MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\n" \
	"BDAT 5\r\nSubjeBDAT 15 LAST\r\nct: s\r\n\r\ntext\r\n"
#define TAKEN "<a@b.example> <c@d.example>\nSubject: s\r\n|text\r\n"
#define ENVELOPE "<a@b.example> <c@d.example>\n"

#define TWICE(x) x x
#define TEN_TIMES(x) TWICE(x) TWICE(x) TWICE(x) TWICE(x) TWICE(x)

struct dialogue_case {
	const char *name, *script;
	size_t len;
	const char *replies, *taken;
	bool network; /* LF is no line end */
};

#define DIALOGUE(name, script, replies, taken)                          \
	{                                                               \
		name, script, sizeof(script) - 1, replies, taken, false \
	}
#define NETWORK(name, script, replies, taken)                          \
	{                                                              \
		name, script, sizeof(script) - 1, replies, taken, true \
	}

/* DATA with that text alone, and the reply to it. */
#define TEXT(name, text, reply, taken) \
	DIALOGUE(name, BEGIN "DATA\r\n" text, BEGUN DATA_OK reply, taken)

/* One command without HELO, with it, behind MAIL, behind RCPT. */
#define EVERYWHERE(command, reply)                                  \
	DIALOGUE(command,                                           \
	    command "\r\nHELO x\r\n" command                        \
		    "\r\nMAIL FROM:<a@b.example>\r\n" command       \
		    "\r\nRCPT TO:<c@d.example>\r\n" command "\r\n", \
	    reply HELO_OK reply MAIL_OK reply RCPT_OK reply, "")

/* A MAIL, or a RCPT behind a MAIL with SMTPUTF8. */
#define MAIL(argument, reply)                                         \
	DIALOGUE("MAIL " argument, "HELO x\r\nMAIL " argument "\r\n", \
	    HELO_OK reply, "")
#define RCPT(argument, reply)                                           \
	DIALOGUE("RCPT " argument,                                      \
	    "HELO x\r\nMAIL FROM:<> SMTPUTF8\r\nRCPT " argument "\r\n", \
	    HELO_OK MAIL_OK reply, "")
/* The same, and what it comes to. */
#define FROM(argument, taken)                                 \
	DIALOGUE("MAIL " argument,                            \
	    "HELO x\r\nMAIL " argument                        \
	    "\r\nRCPT TO:<c@d.example>\r\nDATA\r\n\r\n.\r\n", \
	    HELO_OK MAIL_OK RCPT_OK DATA_OK QUEUED, taken "|")
#define TO(argument, taken)                                     \
	DIALOGUE("RCPT " argument,                              \
	    "HELO x\r\nMAIL FROM:<> SMTPUTF8\r\nRCPT " argument \
	    "\r\nDATA\r\n\r\n.\r\n",                            \
	    HELO_OK MAIL_OK RCPT_OK DATA_OK QUEUED, taken "|")

#define NO_MAIL "501 5.5.4 write MAIL FROM:<address>\r\n"
#define NO_RCPT "501 5.5.4 write RCPT TO:<address>\r\n"
#define BAD_VALUE "501 5.5.4 a parameter has a bad value\r\n"
#define NO_PARAMETER "555 5.5.4 no such parameter here\r\n"
#define NO_UTF8 "553 5.6.7 this address needs SMTPUTF8\r\n"

static const struct dialogue_case dialogue_cases[] = {
    DIALOGUE("nothing", "", "", ""),
    DIALOGUE("a letter", LETTER "QUIT\r\n",
	HELO_OK MAIL_OK RCPT_OK DATA_OK QUEUED CLOSES, TAKEN),
    DIALOGUE("two, and no QUIT", LETTER LETTER_AGAIN,
	HELO_OK MAIL_OK RCPT_OK DATA_OK QUEUED MAIL_OK RCPT_OK DATA_OK QUEUED,
	TAKEN TAKEN),
    DIALOGUE("in chunks", "HELO x\r\n" CHUNKED "BDAT 0\r\nQUIT\r\n",
	HELO_OK MAIL_OK RCPT_OK "250 2.0.0 5 octets taken\r\n" QUEUED
				"503 5.5.1 no recipient for this\r\n" CLOSES,
	TAKEN),
    DIALOGUE("EHLO", "ehlo [127.0.0.1]\r\n",
	"250-host.example\r\n250-PIPELINING\r\n250-SIZE 1000\r\n"
	"250-8BITMIME\r\n250-SMTPUTF8\r\n250-DSN\r\n250-CHUNKING\r\n"
	"250-ENHANCEDSTATUSCODES\r\n250 HELP\r\n",
	""),
    DIALOGUE("nothing behind QUIT", "QUIT\r\nNOOP\r\n", CLOSES, ""),
    DIALOGUE("blanks behind a command", "NOOP  \r\nQuit \r\n",
	"250 2.0.0 nothing done\r\n" CLOSES, ""),
    DIALOGUE("EHLO forgets", BEGIN "HELO y\r\nRCPT TO:<c@d.example>\r\n",
	BEGUN HELO_OK "503 5.5.1 MAIL first\r\n", ""),
    DIALOGUE("RSET forgets", BEGIN "RSET\r\nRCPT TO:<c@d.example>\r\n",
	BEGUN RSET_OK "503 5.5.1 MAIL first\r\n", ""),
    DIALOGUE("RSET forgets chunks", BEGIN "BDAT 2\r\nabRSET\r\n" LETTER_AGAIN,
	BEGUN
	"250 2.0.0 2 octets taken\r\n" RSET_OK MAIL_OK RCPT_OK DATA_OK QUEUED,
	TAKEN),

    /* Each command in each state. */
    EVERYWHERE("", UNKNOWN),
    EVERYWHERE(" NOOP", UNKNOWN),
    EVERYWHERE("XCLIENT a", UNKNOWN),
    EVERYWHERE("NOOP", "250 2.0.0 nothing done\r\n"),
    EVERYWHERE("noop x", "250 2.0.0 nothing done\r\n"),
    EVERYWHERE("VRFY a", "252 2.0.0 the relay knows; send it and see\r\n"),
    EVERYWHERE("VRFY", "501 5.5.4 VRFY needs more than its name\r\n"),
    EVERYWHERE("EXPN a", "502 5.5.1 not done here\r\n"),
    EVERYWHERE("AUTH PLAIN AA==", "502 5.5.1 not done here\r\n"),
    EVERYWHERE("STARTTLS", "502 5.5.1 not done here\r\n"),
    EVERYWHERE("HELO", "501 5.5.4 HELO needs more than its name\r\n"),
    EVERYWHERE("RSET x", "501 5.5.4 RSET stands alone\r\n"),
    EVERYWHERE("QUIT x", "501 5.5.4 QUIT stands alone\r\n"),
    EVERYWHERE("HELP",
	"214 2.0.0 these: HELO EHLO MAIL RCPT DATA BDAT RSET NOOP QUIT VRFY "
	"HELP; see pillarbox(1)\r\n"),
    DIALOGUE("before HELO",
	"MAIL FROM:<>\r\nRCPT TO:<a@b.example>\r\nDATA\r\n"
	"BDAT 6\r\nQUIT\r\nRSET\r\n",
	"503 5.5.1 HELO or EHLO first\r\n503 5.5.1 HELO or EHLO first\r\n"
	"503 5.5.1 HELO or EHLO first\r\n"
	"503 5.5.1 no recipient for this\r\n" RSET_OK,
	""),
    DIALOGUE("before MAIL",
	"HELO x\r\nRCPT TO:<a@b.example>\r\nDATA\r\n"
	"BDAT 6 LAST\r\nQUIT\r\nRSET\r\n",
	HELO_OK "503 5.5.1 MAIL first\r\n503 5.5.1 MAIL first\r\n"
		"503 5.5.1 no recipient for this\r\n" RSET_OK,
	""),
    DIALOGUE("behind MAIL",
	"HELO x\r\nMAIL FROM:<>\r\nMAIL FROM:<>\r\nDATA\r\n"
	"BDAT 6 LAST\r\nQUIT\r\n",
	HELO_OK MAIL_OK
	"503 5.5.1 a message is under way; RSET gives it up\r\n"
	"503 5.5.1 RCPT first\r\n503 5.5.1 no recipient for this\r\n",
	""),
    DIALOGUE("behind RCPT", BEGIN "MAIL FROM:<>\r\nDATA x\r\n",
	BEGUN "503 5.5.1 a message is under way; RSET gives it up\r\n"
	      "501 5.5.4 DATA stands alone\r\n",
	""),
    DIALOGUE("behind BDAT",
	BEGIN "BDAT 2\r\nxxMAIL FROM:<>\r\nRCPT TO:<a@b.example>\r\nDATA\r\n"
	      "NOOP\r\nBDAT 0 LAST\r\n",
	BEGUN "250 2.0.0 2 octets taken\r\n"
	      "503 5.5.1 a message is under way; RSET gives it up\r\n"
	      "503 5.5.1 a message is under way; RSET gives it up\r\n"
	      "503 5.5.1 a message is under way; RSET gives it up\r\n"
	      "250 2.0.0 nothing done\r\n" QUEUED,
	ENVELOPE "|xx"),

    /* Envelopes. */
    FROM("FROM:<a@b.example>", ENVELOPE),
    FROM("from: <a@b.example>", ENVELOPE),
    FROM("FROM:a@b.example", ENVELOPE),
    FROM("FROM:<@x.example,@y.example:a@b.example>", ENVELOPE),
    FROM("FROM:<>", "<> <c@d.example>\n"),
    FROM("FROM:<root>", "<root@host.example> <c@d.example>\n"),
    FROM("FROM:<\"a >b\"@b.example>", "<\"a >b\"@b.example> <c@d.example>\n"),
    FROM("FROM:<\"a\\\" >b\"@b.example>",
	"<\"a\\\" >b\"@b.example> <c@d.example>\n"),
    FROM("FROM:<a@b.example>  SIZE=1000 BODY=8BITMIME", ENVELOPE),
    FROM("FROM:<a@b.example> body=7bit size=0", ENVELOPE),
    FROM("FROM:<\xc3\xb6@b.example> SMTPUTF8",
	"<\xc3\xb6@b.example> <c@d.example>\n"),
    FROM("FROM:<a@b.example> ret=full envid=x+2By",
	"<a@b.example> RET=FULL ENVID=x+2By <c@d.example>\n"),
    MAIL("TO:<a@b.example>", NO_MAIL),
    MAIL("FROM <a@b.example>", NO_MAIL),
    MAIL("FROM:", NO_MAIL),
    MAIL("FROM:<a@b.example", NO_MAIL),
    MAIL("FROM:<a@b.example>x", NO_MAIL),
    MAIL("FROM:<<a@b.example>>", NO_MAIL),
    MAIL("FROM:<a@b.example (a comment)>", NO_MAIL),
    MAIL("FROM:Alice <a@b.example>", NO_PARAMETER),
    MAIL("FROM:<\"a@b.example>", NO_MAIL),
    MAIL("FROM:<a@b,c@d>", "550 5.1.7 sender: <a@b,c@d>: \"<\" without its "
			   "\">\"\r\n"),
    MAIL("FROM:<@b.example>", "550 5.1.7 sender: <@b.example>: a route "
			      "without its \":\"\r\n"),
    MAIL("FROM:<\xc3\xb6@b.example>", NO_UTF8),
    MAIL("FROM:<> SIZE=1001", TOO_LARGE),
    MAIL("FROM:<> SIZE=18446744073709551615", TOO_LARGE),
    MAIL("FROM:<> SIZE=-1", BAD_VALUE),
    MAIL("FROM:<> SIZE", BAD_VALUE),
    MAIL("FROM:<> BODY=BINARYMIME", BAD_VALUE),
    MAIL("FROM:<> SMTPUTF8=1", BAD_VALUE),
    MAIL("FROM:<> RET=ALL", BAD_VALUE),
    MAIL("FROM:<> ENVID=a+b", BAD_VALUE),
    MAIL("FROM:<> ENVID=", BAD_VALUE),
    MAIL("FROM:<> =1", NO_PARAMETER),
    MAIL("FROM:<> AUTH=<>", NO_PARAMETER),
    MAIL("FROM:<> NOTIFY=NEVER", NO_PARAMETER),
    MAIL("FROM:<> RET=FULL RET=HDRS", "501 5.5.4 a parameter stands twice\r\n"),
    DIALOGUE("a refused MAIL leaves nothing",
	"HELO x\r\nMAIL FROM:<a@b.example> RET=FULL ENVID=x FOO\r\n"
	"MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\nDATA\r\n\r\n"
	".\r\n",
	HELO_OK NO_PARAMETER MAIL_OK RCPT_OK DATA_OK QUEUED, ENVELOPE "|"),
    TO("TO:<c@d.example> NOTIFY=failure,SUCCESS ORCPT=rfc822;c+40d",
	"<> <c@d.example> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;c+40d\n"),
    TO("TO:<\xc3\xb6@d.example>", "<> <\xc3\xb6@d.example>\n"),
    TO("TO:<c@\xc3\xb6.example>", "<> <c@xn--nda.example>\n"),
    TO("TO:<c@[192.0.2.1]>", "<> <c@[192.0.2.1]>\n"),
    RCPT("FROM:<c@d.example>", NO_RCPT),
    RCPT("TO:", NO_RCPT),
    RCPT("TO:<>", "550 5.1.3 empty address\r\n"),
    RCPT("TO:<root>", "550 5.1.3 root: has no domain, and no alias; write "
		      "root@DOMAIN, add an alias, or set \"domain\" in the "
		      "configuration\r\n"),
    RCPT("TO:<c@d..example>", "550 5.1.3 <c@d..example>: domain has a dot "
			      "where none may be\r\n"),
    RCPT("TO:<c@d.example> NOTIFY=NEVER,DELAY", BAD_VALUE),
    RCPT("TO:<c@d.example> ORCPT=x", BAD_VALUE),
    RCPT("TO:<c@d.example> ORCPT=;x", BAD_VALUE),
    RCPT("TO:<c@d.example> ORCPT=a b;x", BAD_VALUE),
    RCPT("TO:<c@d.example> SIZE=1", NO_PARAMETER),
    RCPT("TO:<c@d.example> NOTIFY=NEVER NOTIFY=NEVER",
	"501 5.5.4 a parameter stands twice\r\n"),
    DIALOGUE("a recipient beyond ASCII, not asked for",
	"HELO x\r\nMAIL FROM:<>\r\nRCPT TO:<\xc3\xb6@d.example>\r\nDATA\r\n",
	HELO_OK MAIL_OK NO_UTF8 "503 5.5.1 RCPT first\r\n", ""),
    DIALOGUE("a recipient twice",
	BEGIN "RCPT TO:<c@D.EXAMPLE> NOTIFY=NEVER\r\n"
	      "RCPT TO:<C@d.example>\r\nDATA\r\n\r\n.\r\n",
	BEGUN RCPT_OK RCPT_OK DATA_OK QUEUED,
	"<a@b.example> <c@d.example> <C@d.example>\n|"),

    /* What is in a message. */
    TEXT("nothing", ".\r\n", QUEUED, ENVELOPE "|"),
    TEXT("dots", "\r\n..\r\n...\r\n.x\r\n..x\r\nx.\r\n.\r\n", QUEUED,
	ENVELOPE "|.\r\n..\r\nx\r\n.x\r\nx.\r\n"),
    TEXT("what is 8-bit or a control", "\r\n\xff\x01\x7f\r\n.\r\n", QUEUED,
	ENVELOPE "|\xff\x01\x7f\r\n"),
    TEXT("NUL in the header", "Subject: \0\r\n\r\n.\r\nQUIT\r\n",
	"554 5.6.0 line 1, in the header, has a NUL byte\r\n" CLOSES, ""),
    TEXT("CR LF . LF", "\r\nx\r\n.\nx\r\n.\r\n", QUEUED,
	ENVELOPE "|x\r\n.\nx\r\n"),
    TEXT("CR LF . CR", "\r\nx\r\n.\r.\r\n.\r\n", QUEUED,
	ENVELOPE "|x\r\n.\r.\r\n"),
    TEXT("CR LF . CR CR LF", "\r\nx\r\n.\r\r\n.\r\n", QUEUED,
	ENVELOPE "|x\r\n.\r\r\n"),
    TEXT("LF . CR LF", "\r\nx\n.\r\nx\r\n.\r\n", QUEUED,
	ENVELOPE "|x\n.\r\nx\r\n"),
    TEXT("LF . LF", "\r\nx\n.\nx\r\n.\r\n", QUEUED, ENVELOPE "|x\n.\nx\r\n"),
    TEXT("CR . CR", "\r\nx\r.\rx\r\n.\r\n", QUEUED, ENVELOPE "|x\r.\rx\r\n"),
    TEXT("LF . CR", "\r\nx\n.\rx\r\n.\r\n", QUEUED, ENVELOPE "|x\n.\rx\r\n"),
    TEXT("CR . LF", "\r\nx\r.\nx\r\n.\r\n", QUEUED, ENVELOPE "|x\r.\nx\r\n"),
    TEXT("CR at the end", "\r\nx\r\r\n.\r\n", QUEUED, ENVELOPE "|x\r\r\n"),
    TEXT("dots doubled behind LF", "\r\nx\n..\n..x\n.x\n\r\n.\r\n", QUEUED,
	ENVELOPE "|x\n.\n.x\n.x\n\r\n"),
    TEXT("LF in the header", "Subject: x\nX: y\n\r\n.\r\n", QUEUED,
	ENVELOPE "Subject: x\r\nX: y\r\n|"),
    TEXT("and commands behind it",
	"\r\nx\n.\nMAIL FROM:<x@y.example>\nRSET\r\n.\r\nRSET\r\n",
	QUEUED RSET_OK, ENVELOPE "|x\n.\nMAIL FROM:<x@y.example>\nRSET\r\n"),
    TEXT("too large", "\r\n" THOUSAND ".\r\nRSET\r\n", TOO_LARGE RSET_REFUSED,
	""),
    TEXT("not too large", "\r\n" HUNDRED HUNDRED HUNDRED ".\r\n", QUEUED,
	ENVELOPE "|" HUNDRED HUNDRED HUNDRED),
    DIALOGUE("the next one is as good as new",
	BEGIN "DATA\r\n\0\r\n.\r\n" LETTER_AGAIN,
	BEGUN DATA_OK
	"554 5.6.0 line 1, in the header, has a NUL byte\r\n" MAIL_OK RCPT_OK
	    DATA_OK QUEUED,
	TAKEN),

    /* Chunks. */
    DIALOGUE("a dot means nothing",
	BEGIN "BDAT 12 LAST\r\n\r\n.\r\n..\r\nx\r\n", BEGUN QUEUED,
	ENVELOPE "|.\r\n..\r\nx\r\n"),
    DIALOGUE("no line end at the end", BEGIN "BDAT 3 LAST\r\n\r\nxRSET\r\n",
	BEGUN QUEUED RSET_OK, ENVELOPE "|x"),
    DIALOGUE("a line end in two chunks",
	BEGIN "BDAT 3\r\n\r\n\rBDAT 1 LAST\r\n\n",
	BEGUN "250 2.0.0 3 octets taken\r\n" QUEUED, ENVELOPE "|\r\n"),
    DIALOGUE("LF alone, CR at the end",
	BEGIN "BDAT 4\r\n\r\n\nxBDAT 4 LAST\r\n.\r\n\rRSET\r\n",
	BEGUN "250 2.0.0 4 octets taken\r\n" QUEUED RSET_OK,
	ENVELOPE "|\nx.\r\n\r"),
    DIALOGUE("chunks that are too large",
	BEGIN "BDAT 1000\r\n" THOUSAND "BDAT 10 LAST\r\n" TEN "RSET\r\n",
	BEGUN TOO_LARGE "503 5.5.1 no recipient for this\r\n" RSET_REFUSED, ""),
    DIALOGUE("RSET says once what was refused",
	"HELO x\r\nMAIL FROM:<a@b.example> SIZE=1001\r\n"
	"RCPT TO:<c@d.example>\r\nRSET\r\nRSET\r\n",
	HELO_OK TOO_LARGE "503 5.5.1 MAIL first\r\n" RSET_REFUSED RSET_OK, ""),
    DIALOGUE("no size", BEGIN "BDAT\r\nRSET\r\n",
	BEGUN "421 4.5.4 BDAT needs the number of its octets\r\n", ""),
    DIALOGUE("a bad size", BEGIN "BDAT 1x\r\nRSET\r\n",
	BEGUN "421 4.5.4 BDAT needs the number of its octets\r\n", ""),
    DIALOGUE("not LAST", BEGIN "BDAT 1 FIRST\r\nRSET\r\n",
	BEGUN "421 4.5.4 BDAT needs the number of its octets\r\n", ""),

    /* Line ends of commands. */
    DIALOGUE("all LF",
	"HELO x\nMAIL FROM:<a@b.example>\nRCPT TO:<c@d.example>\nDATA\n"
	"Subject: s\n\ntext\n..\n.\nQUIT\n",
	HELO_OK MAIL_OK RCPT_OK DATA_OK QUEUED CLOSES,
	ENVELOPE "Subject: s\r\n|text\n.\n"),
    DIALOGUE("CR among LF",
	"HELO x\nMAIL FROM:<a@b.example>\r\nMAIL FROM:<a@b.example>\n"
	"RCPT TO:<c@d.example>\nDATA\n\nx\r\n.\r\n\r.\n.\n",
	HELO_OK CONTROL MAIL_OK RCPT_OK DATA_OK QUEUED,
	ENVELOPE "|x\r\n\r\n\r.\n"),
    DIALOGUE("LF among CR LF",
	"HELO x\r\nMAIL FROM:<a@b.example>\nRCPT TO:<c@d.example>\r\n"
	"NOOP\nRSET\nRSET\r\nRSET\r\n",
	HELO_OK CONTROL CONTROL RSET_OK, ""),
    DIALOGUE("CR inside", "NOOP\rRSET\r\n", CONTROL, ""),
    DIALOGUE("NUL inside", "NO\0OP\r\n", CONTROL, ""),
    NETWORK("LF from a network", "HELO x\nNOOP\r\n",
	"421 4.5.2 lines end in CR LF; host.example closes\r\n", ""),
    NETWORK("LF from a network, later", "HELO x\r\nNOOP\nQUIT\r\n",
	HELO_OK CONTROL, ""),

    /* Who is no client. */
    DIALOGUE("twenty mistakes",
	TEN_TIMES("x\r\n") TEN_TIMES("x\r\n") "QUIT\r\n",
	TEN_TIMES(UNKNOWN) TEN_TIMES(
	    UNKNOWN) "421 4.7.0 too many mistakes; host.example closes\r\n",
	""),
    DIALOGUE("nineteen, and nineteen",
	TEN_TIMES("x\r\n") "RSET\r\n" TEN_TIMES("x\r\n") "RSET\r\n",
	TEN_TIMES(UNKNOWN) RSET_OK TEN_TIMES(UNKNOWN) RSET_OK, ""),
    DIALOGUE("a web client", "POST / HTTP/1.1\r\nHELO x\r\n",
	"421 4.7.0 host.example speaks SMTP\r\n", ""),
    DIALOGUE("a recipient refused is no mistake",
	"HELO x\r\nMAIL FROM:<>\r\n" TEN_TIMES("RCPT TO:<>\r\n")
	    TEN_TIMES("RCPT TO:<>\r\n") "RSET\r\n",
	HELO_OK MAIL_OK TEN_TIMES("550 5.1.3 empty address\r\n")
	    TEN_TIMES("550 5.1.3 empty address\r\n") "250 2.0.0 reset: 550 "
						     "5.1.3 empty address\r\n",
	""),
};

#endif
