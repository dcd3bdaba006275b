/* SPDX-License-Identifier: ISC */
/* Header blocks before and after, for test_authors.c. The relay's senders are
 * alice@example.com and *@team.example, its from is alerts@example.com, and
 * *.lab.example is masqueraded as example.com. */
#ifndef AUTHOR_CASES_H
#define AUTHOR_CASES_H

#include "message/identity.h"

#define K IDENTITY_KEEP
#define Q IDENTITY_QUALIFY
#define F IDENTITY_FORCE

#define US "<alerts@example.com>"
#define TO "To: bob@example.net\r\n"
#define E "=?utf-8?q?J=C3=B6rg?="

static const struct author_case {
	enum identity_mode mode;
	const char *in, *want; /* NULL: the same */
} author_cases[] = {
    /* kept */
    {K, "From: root@web1\r\n", NULL},
    {K, "From: root\r\n", NULL},
    {Q, "From: Bob <bob@other.example>\r\n" TO, NULL},
    {Q, "From: alice@example.com\r\n" TO, NULL},
    {F, "From: alice@example.com\r\n" TO, NULL},
    {F, "from : \"A. Lice\"\r\n <ALICE@example.com> (x)\r\n" TO, NULL},
    {F, "From: x@team.example, y@team.example\r\nSender: x@team.example\r\n",
	NULL},
    {F, "X-From: root\r\nTo: root\r\nReply-To: root@web1\r\nCc: <root>\r\n",
	NULL},
    {F, "Subject: none of them\r\n", NULL},
    {F, "", NULL},
    {Q, "From: nobody:;\r\n", NULL},

    /* forms of one address of this host */
    {Q, "From: root@web1\r\n" TO,
	"From: root at web1 " US "\r\n" TO "X-Original-From: root@web1\r\n"},
    {F, "From: root@web1\r\n" TO,
	"From: root at web1 " US "\r\n" TO "X-Original-From: root@web1\r\n"},
    {Q, "From: root\r\n", "From: root " US "\r\nX-Original-From: root\r\n"},
    {Q, "From: <root@web1>\r\n",
	"From: root at web1 " US "\r\nX-Original-From: <root@web1>\r\n"},
    {Q, "From: root@web1.example.org\r\n",
	"From: \"root at web1.example.org\" " US
	"\r\nX-Original-From: root@web1.example.org\r\n"},
    {Q, "From: root@web1 (Cron Daemon)\r\n",
	"From: \"root (Cron Daemon)\" " US
	"\r\nX-Original-From: root@web1 (Cron Daemon)\r\n"},
    {F, "From: root (Cron Daemon)\r\n",
	"From: \"root (Cron Daemon)\" " US
	"\r\nX-Original-From: root (Cron Daemon)\r\n"},
    {Q, "From: (Cron\r\n \\(x\\)) root@web1\r\n",
	"From: \"root (Cron (x))\" " US
	"\r\nX-Original-From: (Cron\r\n \\(x\\)) root@web1\r\n"},
    {Q, "From: <root@web1> (Cron)\r\n",
	"From: \"root (Cron)\" " US
	"\r\nX-Original-From: <root@web1> (Cron)\r\n"},
    {Q, "From: a@web1 (one) (two)\r\n",
	"From: \"a (one) (two)\" " US
	"\r\nX-Original-From: a@web1 (one) (two)\r\n"},
    {Q, "From: Cron Daemon <root@web1>\r\n",
	"From: Cron Daemon " US
	"\r\nX-Original-From: Cron Daemon <root@web1>\r\n"},
    {Q, "From: \"Cron, the \\\"Daemon\\\"\" <root@web1>\r\n",
	"From: \"Cron, the \\\"Daemon\\\"\" " US
	"\r\nX-Original-From: \"Cron, the \\\"Daemon\\\"\" <root@web1>\r\n"},
    {Q, "From: Cron\r\n Daemon\r\n <root@web1>\r\n",
	"From: Cron\r\n Daemon " US
	"\r\nX-Original-From: Cron\r\n Daemon\r\n <root@web1>\r\n"},
    {Q, "From: Mail <@a,@b:root@web1>\r\n",
	"From: Mail " US "\r\nX-Original-From: Mail <@a,@b:root@web1>\r\n"},
    {Q, "From: \"a b\"@web1\r\n",
	"From: \"\\\"a b\\\" at web1\" " US
	"\r\nX-Original-From: \"a b\"@web1\r\n"},

    /* encoded words stay such, and what must be encoded is */
    {Q, "From: " E " <root@web1>\r\n",
	"From: " E " " US "\r\nX-Original-From: " E " <root@web1>\r\n"},
    {Q, "From: root@web1 (" E ")\r\n",
	"From: root " E " " US "\r\nX-Original-From: root@web1 (" E ")\r\n"},
    {Q, "From: a.b@web1 (" E " =?a?q?,?= c.d)\r\n",
	"From: \"a.b\" " E " \"=?a?q?,?=\" \"c.d\" " US
	"\r\nX-Original-From: a.b@web1 (" E " =?a?q?,?= c.d)\r\n"},
    {Q, "From: j\303\266@web1\r\n",
	"From: =?utf-8?Q?j=C3=B6_at_web1?= " US
	"\r\nX-Original-From: j\303\266@web1\r\n"},

    /* an address that can be answered */
    {F, "From: bob@other.example\r\n" TO,
	"From: \"bob at other.example\" " US "\r\n" TO
	"Reply-To: bob@other.example\r\n"},
    {F, "From: Bob <bob@other.example>\r\n",
	"From: Bob " US "\r\nReply-To: Bob <bob@other.example>\r\n"},
    {F, "Reply-To: x@y.example\r\nFrom: Bob <bob@other.example>\r\n",
	"Reply-To: x@y.example\r\nFrom: Bob " US
	"\r\nX-Original-From: Bob <bob@other.example>\r\n"},
    {F, "From: root@web1\r\nreply-to: x@y.example\r\n",
	"From: root at web1 " US
	"\r\nreply-to: x@y.example\r\nX-Original-From: root@web1\r\n"},
    {F, "From: Bob <bob@example.com>\r\n",
	"From: Bob " US "\r\nReply-To: Bob <bob@example.com>\r\n"},
    {F, "From: x@[192.0.2.1]\r\n",
	"From: \"x at [192.0.2.1]\" " US "\r\nReply-To: x@[192.0.2.1]\r\n"},

    /* several, groups, none */
    {Q, "From: bob@other.example, Cron <root@web1>, c@d.example\r\n",
	"From: bob@other.example, Cron " US
	", c@d.example\r\nX-Original-From: bob@other.example, Cron "
	"<root@web1>, c@d.example\r\n"},
    {F, "From: bob@other.example, Al <alice@example.com>, c@d.example\r\n",
	"From: Al <alice@example.com>\r\n"
	"Reply-To: bob@other.example, Al <alice@example.com>, c@d.example\r\n"
	"X-Original-From: bob@other.example, Al <alice@example.com>, "
	"c@d.example\r\n"},
    {F, "From: Bob <bob@other.example>, root@web1\r\n",
	"From: Bob " US
	"\r\nX-Original-From: Bob <bob@other.example>, root@web1\r\n"},
    {F, "From: bob@other.example, al@a.lab.example, alice@b.lab.example\r\n",
	"From: alice@example.com\r\n"
	"Reply-To: bob@other.example, al@example.com, alice@example.com\r\n"
	"X-Original-From: bob@other.example, al@a.lab.example, "
	"alice@b.lab.example\r\n"},
    {Q, "From: Us: root@web1, bob@other.example;, x@y.example\r\n",
	"From: Us: root at web1 " US
	", bob@other.example;, x@y.example\r\nX-Original-From: Us: root@web1, "
	"bob@other.example;, x@y.example\r\n"},
    {F, "From: Us: alice@example.com, root@web1;\r\n",
	"From: alice@example.com\r\nX-Original-From: Us: alice@example.com, "
	"root@web1;\r\n"},
    {F, "From: nobody:;\r\n",
	"From: alerts@example.com\r\nX-Original-From: nobody:;\r\n"},
    {F, "From:\r\n", "From: alerts@example.com\r\nX-Original-From:\r\n"},
    {Q, "From: ,, root@web1 ,\r\n",
	"From: ,, root at web1 " US ",\r\nX-Original-From: ,, root@web1 ,\r\n"},

    /* what cannot be read */
    {Q, "From: a@b@c\r\n", NULL},
    {F, "From: a@b@c\r\n", "From:  " US "\r\nX-Original-From: a@b@c\r\n"},
    {F, "From: Al <<>\r\n", "From: Al " US "\r\nX-Original-From: Al <<>\r\n"},
    {F, "From: \"open <a@b.c>\r\n",
	"From:  " US "\r\nX-Original-From: \"open <a@b.c>\r\n"},

    /* Sender */
    {Q, "From: alice@example.com\r\nSender: root@web1\r\n",
	"From: alice@example.com\r\nSender: root at web1 " US
	"\r\nX-Original-Sender: root@web1\r\n"},
    {F, "From: alice@example.com\r\nSender: Bob <bob@other.example>\r\n",
	"From: alice@example.com\r\nSender: Bob " US
	"\r\nX-Original-Sender: Bob <bob@other.example>\r\n"},
    {F, "Sender: www@web1\r\nFrom: root@web1\r\n",
	"From: root at web1 " US "\r\nX-Original-Sender: www@web1\r\n"
	"X-Original-From: root@web1\r\n"},
    {F, "From: root@web1\r\nSender: alice@example.com\r\n",
	"From: root at web1 " US "\r\nSender: alice@example.com\r\n"
	"X-Original-From: root@web1\r\n"},
    {F, "From: alerts@example.com\r\nSender: root@web1\r\n",
	"From: alerts@example.com\r\nX-Original-Sender: root@web1\r\n"},
    {Q, "From: a@b.example, root@web1\r\nSender: root@web1\r\n",
	"From: a@b.example, root at web1 " US "\r\nSender: root at web1 " US
	"\r\nX-Original-From: a@b.example, root@web1\r\n"
	"X-Original-Sender: root@web1\r\n"},

    {F, "From: alice@example.com\r\nSender: a@web1, b@web1\r\n",
	"From: alice@example.com\r\nSender: a at web1 " US
	"\r\nX-Original-Sender: a@web1, b@web1\r\n"},
    {F, "From: alice@example.com\r\nSender: (open a@web1\r\n",
	"From: alice@example.com\r\nSender: alerts@example.com"
	"\r\nX-Original-Sender: (open a@web1\r\n"},

    /* masquerading */
    {K, "From: Al <al@a.lab.example> (x)\r\nSender: b@c.lab.example (y)\r\n",
	"From: Al <al@example.com> (x)\r\nSender: b@example.com (y)\r\n"},
    {K, "From: a@a.lab.example,b@other.example,c@c.d.lab.example\r\n",
	"From: a@example.com,b@other.example,c@example.com\r\n"},
    {K, "Reply-To: Us: a@a.lab.example;\r\nFrom: b@lab.example\r\n",
	"Reply-To: Us: a@example.com;\r\nFrom: b@lab.example\r\n"},
    {K, "From: <@r.example:a@a.lab.example>\r\n",
	"From: <@r.example:a@example.com>\r\n"},
    {K, "To: a@a.lab.example\r\nCc: a@a.lab.example\r\n", NULL},
    {Q, "From: root@a.lab.example\r\n", "From: root@example.com\r\n"},
    {F, "From: alice@a.lab.example\r\n", "From: alice@example.com\r\n"},
    {F, "From: Bob <bob@a.lab.example>\r\n",
	"From: Bob " US "\r\nReply-To: Bob <bob@example.com>\r\n"},
    {F, "From: alice@example.com\r\nReply-To: root@web1, a@b.lab.example\r\n",
	"From: alice@example.com\r\nReply-To: root@web1, a@example.com\r\n"},

    /* sent once more: only the newest block */
    {F, "From: root@web1\r\nSender: root@web1\r\nResent-To: x@y\r\n", NULL},
    {F,
	"Received: x\r\nResent-From: root@web1\r\nResent-To: a@b\r\nFrom: x@y"
	"\r\n",
	"Received: x\r\nX-Original-Resent-From: root@web1\r\n"
	"Resent-From: root at web1 " US "\r\nResent-To: a@b\r\nFrom: x@y\r\n"},
    {Q,
	"Resent-From: Bob <bob@other.example>\r\nResent-Sender: r@web1\r\n"
	"Resent-Date: x\r\nReceived: y\r\nResent-From: r@web1\r\nFrom: r@web1"
	"\r\n",
	"X-Original-Resent-Sender: r@web1\r\n"
	"Resent-From: Bob <bob@other.example>\r\nResent-Sender: r at web1 " US
	"\r\nResent-Date: x\r\nReceived: y\r\nResent-From: r@web1\r\n"
	"From: r@web1\r\n"},
    {F,
	"Resent-From: bob@other.example\r\nResent-Sender: r@web1\r\n"
	"From: r@web1\r\nReply-To: a@b.lab.example\r\n",
	"X-Original-Resent-From: bob@other.example\r\n"
	"X-Original-Resent-Sender: r@web1\r\n"
	"Resent-From: \"bob at other.example\" " US
	"\r\nResent-Sender: r at web1 " US "\r\nFrom: r@web1\r\n"
	"Reply-To: a@b.lab.example\r\n"},

    /* what a signature covers */
    {F, "DKIM-Signature: v=1; h=From:Subject; b=x\r\nFrom: root@web1\r\n",
	"DKIM-Signature: v=1; h=From:Subject; b=x\r\nFrom: root at web1 " US
	"\r\nX-Original-From: root@web1\r\n"},
    {F, "DKIM-Signature: v=1; h=Subject; b=x\r\nFrom: root@web1\r\n",
	"DKIM-Signature: v=1; h=Subject; b=x\r\nFrom: root at web1 " US
	"\r\nX-Original-From: root@web1\r\n"},
    {F, "DKIM-Signature: v=1; h=Reply-To; b=x\r\nFrom: bob@other.example\r\n",
	"DKIM-Signature: v=1; h=Reply-To; b=x\r\nFrom: \"bob at "
	"other.example\" " US "\r\nReply-To: bob@other.example\r\n"},
};

#undef K
#undef Q
#undef F

#endif
