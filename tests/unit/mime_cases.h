/* SPDX-License-Identifier: ISC */
/* The messages of test_mime.c, and what must come out. Line ends are LF here;
 * every case is asked with LF and with CRLF, and gives CRLF. */
#ifndef MIME_CASES_H
#define MIME_CASES_H

#include "mime_run.h"

#define EIGHT 4   /* BODY=8BITMIME is needed for it */
#define REFUSED 8 /* want is a part of the error's text */
#define SAME NULL

#define MIXED "Content-Type: multipart/mixed; boundary=b\n\n"
#define CTE "Content-Transfer-Encoding: "
#define ADDED_8BIT                                                         \
	"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n" CTE \
	"8bit\n\n"
#define ADDED_QP \
	"Content-Type: text/plain; charset=utf-8\n" CTE "quoted-printable\n\n"
#define SIGNED "Content-Type: multipart/signed; boundary=s\n\n"

static const struct {
	const char *name;
	int flags;
	const char *in, *want;
} cases[] = {
    {"plain", 0, "A: b\n\nx\n", SAME},
    {"no body", 0, "A: b\n\n", SAME},
    {"no last line end", 0, "A: b\n\nx", "A: b\n\nx\n"},
    {"undeclared UTF-8", EIGHT, "A: b\n\n" U "\n", "A: b\n" ADDED_8BIT U "\n"},
    {"undeclared Latin-1", EIGHT, "A: b\n\n\374\n",
	"A: b\nMIME-Version: 1.0\nContent-Type: text/plain; "
	"charset=iso-8859-1\n" CTE "8bit\n\n\374\n"},
    {"declared", EIGHT,
	"Content-Type: text/plain; charset=koi8-r\n" CTE "8bit\n\n\374\n",
	SAME},
    {"declared as 7bit", EIGHT,
	"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n" CTE
	"7bit\nA: b\n\n" U "\n",
	"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nA: "
	"b\n" CTE "8bit\n\n" U "\n"},
    {"cron", EIGHT,
	"MIME-Version: 1.0\nContent-Type: text/plain; charset=US-ASCII\n" CTE
	"8bit\nA: b\n\n" U "\n",
	"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n" CTE
	"8bit\nA: b\n\n" U "\n"},
    {"charset between others", EIGHT,
	"MIME-Version: 1.0\nContent-Type: text/plain; format=flowed; "
	"charset=\"us-ascii\"; x=y\n" CTE "8bit\n\n" U "\n",
	"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8; "
	"format=flowed; x=y\n" CTE "8bit\n\n" U "\n"},
    {"charset, and quotes without an end", EIGHT,
	"MIME-Version: 1.0\nContent-Type: text/plain; name=a\"; b\n\n" U "\n",
	"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8; name=a\"; "
	"b\n" CTE "8bit\n\n" U "\n"},
    {"charset, and a type with quotes", EIGHT,
	"MIME-Version: 1.0\nContent-Type: text/plain\"; b\n\n" U "\n",
	"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n" CTE
	"8bit\n\n" U "\n"},
    {"no charset", EIGHT,
	"MIME-Version: 1.0\nContent-Type: text/html\n" CTE "8bit\n\n" U "\n",
	"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n" CTE
	"8bit\n\n" U "\n"},
    {"not for this relay", SEVEN_BIT, "A: b\n\n" TEXT "\n",
	"A: b\nMIME-Version: 1.0\n" ADDED_QP TEXT_QP "\n"},
    {"declared, not for this relay", SEVEN_BIT,
	"MIME-Version: 1.0\n" CTE "8bit\nContent-Type: text/plain; "
	"charset=utf-8\n\n" TEXT "\n",
	"MIME-Version: 1.0\n" ADDED_QP TEXT_QP "\n"},
    {"base64 is shorter", SEVEN_BIT, "A: b\n\n" U U U "\n",
	"A: b\nMIME-Version: 1.0\nContent-Type: text/plain; "
	"charset=utf-8\n" CTE "base64\n\nw7zDvMO8DQo=\n"},

    {"locked", LOCKED | REFUSED, "A: b\n\n" U "\n", "the body"},
    {"locked, declared", LOCKED | EIGHT,
	"Content-Type: text/plain; charset=utf-8\n" CTE "8bit\n\n" U "\n",
	SAME},
    {"parts", 0, MIXED "pre\n--b\n\nx\n--b\nA: b\n\ny\n--b--\nepi\n", SAME},
    {"8 bit in a part", 0, MIXED "--b\n\n" TEXT "\n--b--\n",
	MIXED "--b\n" ADDED_QP TEXT_QP "\n--b--\n"},
    {"an empty line at a part's end", 0, MIXED "--b\n\n" TEXT "\n\n--b--\n",
	MIXED "--b\n" ADDED_QP TEXT_QP "\n\n--b--\n"},
    {"two empty lines there", 0, MIXED "--b\n\n" TEXT "\n\n\n--b--\n",
	MIXED "--b\n" ADDED_QP TEXT_QP "\n\n\n--b--\n"},
    {"only one part changes", 0,
	MIXED "--b\n\nx\n--b\n\n" TEXT "\n--b\n\ny\n--b--\n",
	MIXED "--b\n\nx\n--b\n" ADDED_QP TEXT_QP "\n--b\n\ny\n--b--\n"},
    {"a declared part", EIGHT,
	MIXED "--b\nContent-Type: text/plain; charset=utf-8\n" CTE "8bit\n\n" U
	      "\n--b--\n",
	SAME},
    {"a declared part, not for this relay", SEVEN_BIT,
	MIXED "--b\n" CTE
	      "8bit\nContent-Type: text/plain; charset=utf-8\n\n" TEXT
	      "\n--b--\n",
	MIXED "--b\n" ADDED_QP TEXT_QP "\n--b--\n"},
    {"charset of a part", 0,
	MIXED "--b\nContent-Type: text/html; charset=us-ascii\n\n" TEXT
	      "\n--b--\n",
	MIXED "--b\nContent-Type: text/html; charset=utf-8\n" CTE
	      "quoted-printable\n\n" TEXT_QP "\n--b--\n"},
    {"nested", 0,
	MIXED "--b\nContent-Type: multipart/alternative; boundary=c\n\n"
	      "--c\n\n" TEXT "\n--c--\n\n--b\n\n" TEXT "\n--b--\n",
	MIXED "--b\nContent-Type: multipart/alternative; boundary=c\n\n"
	      "--c\n" ADDED_QP TEXT_QP "\n--c--\n\n--b\n" ADDED_QP TEXT_QP
	      "\n--b--\n"},
    {"the inner boundary is longer", 0,
	MIXED "--b\nContent-Type: multipart/mixed; boundary=bb\n\n"
	      "--bb\n\n" TEXT "\n--bb--\n--b\n\ny\n--b--\n",
	MIXED "--b\nContent-Type: multipart/mixed; boundary=bb\n\n"
	      "--bb\n" ADDED_QP TEXT_QP "\n--bb--\n--b\n\ny\n--b--\n"},
    {"the outer boundary is longer", 0,
	"Content-Type: multipart/mixed; boundary=bb\n\n--bb\n" MIXED
	"--b\n\n" TEXT "\n--b--\n--bb\n\ny\n--bb--\n",
	"Content-Type: multipart/mixed; boundary=bb\n\n--bb\n" MIXED
	"--b\n" ADDED_QP TEXT_QP "\n--b--\n--bb\n\ny\n--bb--\n"},
    {"text that begins like a boundary", 0,
	MIXED "--b\n\n" TEXT "\n--bx\n--\n--b--\n",
	MIXED "--b\n" ADDED_QP TEXT_QP "\n--bx\n--\n--b--\n"},
    {"blanks behind a boundary", 0, MIXED "--b \t\n\nx\n--b-- \ny\n",
	MIXED "--b\n\nx\n--b--\ny\n"},
    {"blanks behind a boundary that is signed", 0,
	SIGNED "--s\n" MIXED "--b \n\nx\n--b--\t\n\n--s\n\ny\n--s--\n", SAME},
    {"no close", 0, MIXED "--b\n\n" TEXT "\n--b\n\ny\n",
	MIXED "--b\n" ADDED_QP TEXT_QP "\n--b\n\ny\n"},
    {"the inner one is not closed", 0,
	MIXED "--b\nContent-Type: multipart/mixed; boundary=c\n\n"
	      "--c\n\n" TEXT "\n--b\n\n" TEXT "\n--b--\n",
	MIXED "--b\nContent-Type: multipart/mixed; boundary=c\n\n"
	      "--c\n" ADDED_QP TEXT_QP "\n--b\n" ADDED_QP TEXT_QP "\n--b--\n"},
    {"a boundary behind the close", 0,
	MIXED "--b\n\nx\n--b--\n--b\n\ny\n--b--\n", SAME},
    {"8 bit around the parts", EIGHT,
	MIXED "pre\n" U "\n--b\n\nx\n--b--\n" U "\nepi\n", SAME},
    {"the same, not for this relay", SEVEN_BIT | REFUSED,
	MIXED "pre\n" U "\n--b\n\nx\n--b--\n" U "\nepi\n", "text between"},
    {"the close at the very end", 0, MIXED "--b\n\n" TEXT "\n--b--",
	MIXED "--b\n" ADDED_QP TEXT_QP "\n--b--\n"},
    {"a boundary at the very end", 0, MIXED "--b\n\nx\n--b",
	MIXED "--b\n\nx\n--b\n\n"},
    {"empty parts", 0, MIXED "--b\n\n--b\n\n\n--b\nA: b\n\n--b--\n", SAME},
    {"no empty line behind a part's header", 0, MIXED "--b\nA: b\n--b\n--b--\n",
	MIXED "--b\nA: b\n\n--b\n\n--b--\n"},
    {"text right behind a part's header", 0,
	MIXED "--b\nA: b\nHello you\n\nx\n--b--\n",
	MIXED "--b\nA: b\n\nHello you\n\nx\n--b--\n"},
    {"text without a part's header", 0, MIXED "--b\nHello you\nall\n--b--\n",
	MIXED "--b\n\nHello you\nall\n--b--\n"},

    {"a raw file name", 0,
	MIXED "--b\nContent-Disposition: attachment; filename=\"" U
	      ".txt\"\n\nx\n--b--\n",
	MIXED "--b\nContent-Disposition: attachment;\n "
	      "filename*=utf-8''%C3%BC.txt\n\nx\n--b--\n"},
    {"a raw field of a part", 0,
	MIXED "--b\nContent-Description: gr" U "n\n\nx\n--b--\n",
	MIXED "--b\nContent-Description: =?utf-8?Q?gr=C3=BCn?=\n\nx\n--b--\n"},
    {"a message in it", 0,
	MIXED "--b\nContent-Type: message/rfc822\n\nSubject: gr" U "n"
	      "\n\nx\n--b--\n",
	MIXED "--b\nContent-Type: message/rfc822\n\nSubject: "
	      "=?utf-8?Q?gr=C3=BCn?=\n\nx\n--b--\n"},
    {"8 bit in a message in it", 0,
	MIXED "--b\nContent-Type: message/rfc822\n\nA: b\n\n" TEXT "\n--b--\n",
	MIXED "--b\nContent-Type: message/rfc822\n\nA: b\nMIME-Version: "
	      "1.0\n" ADDED_QP TEXT_QP "\n--b--\n"},
    {"parts of a message in it", 0,
	MIXED "--b\nContent-Type: message/rfc822\n\nContent-Type: "
	      "multipart/mixed; boundary=c\n\n--c\n\n" TEXT "\n--c--\n--b--\n",
	MIXED "--b\nContent-Type: message/rfc822\n\nContent-Type: "
	      "multipart/mixed; boundary=c\n\n--c\n" ADDED_QP TEXT_QP
	      "\n--c--\n--b--\n"},
    {"a digest", 0,
	"Content-Type: multipart/digest; boundary=b\n\n--b\n\nA: b\n\n" TEXT
	"\n--b--\n",
	"Content-Type: multipart/digest; boundary=b\n\n--b\n\nA: "
	"b\nMIME-Version: 1.0\n" ADDED_QP TEXT_QP "\n--b--\n"},
    {"a digest with a type", 0,
	"Content-Type: multipart/digest; boundary=b\n\n--b\nContent-Type: "
	"text/plain\n\n" TEXT "\n--b--\n",
	"Content-Type: multipart/digest; boundary=b\n\n--b\n" ADDED_QP TEXT_QP
	"\n--b--\n"},

    {"8 bit in base64", 0,
	MIXED "--b\nContent-Type: image/png\n" CTE "base64\n\nAAAA\n" U
	      "AAA=\n--b--\n",
	MIXED "--b\nContent-Type: image/png\n" CTE
	      "base64\n\nAAAAAAA=\n--b--\n"},
    {"8 bit in quoted-printable", 0,
	MIXED "--b\nContent-Type: text/plain; charset=utf-8\n" CTE
	      "quoted-printable\n\n=C3=BC" U "=3D=\nx\n\n--b--\n",
	MIXED "--b\nContent-Type: text/plain; charset=utf-8\n" CTE
	      "quoted-printable\n\n=C3=BC=C3=BC=3Dx\n\n--b--\n"},
    {"an encoding nobody knows", EIGHT,
	MIXED "--b\n" CTE "x-uuencode\nContent-Type: a/b\n\n" U "\n--b--\n",
	SAME},
    {"the same, not for this relay", SEVEN_BIT | REFUSED,
	MIXED "--b\n" CTE "x-uuencode\nContent-Type: a/b\n\n" U "\n--b--\n",
	"part 1"},

    {"signed", 0, SIGNED "pre\n--s\nA: b\n\nx \n--s\n\ny\n--s--\n", SAME},
    {"signed 8 bit, undeclared", REFUSED,
	SIGNED "--s\n\n" U "\n--s\n\ny\n--s--\n", "part 1"},
    {"signed 8 bit, declared", EIGHT,
	SIGNED "--s\n" CTE "8bit\nContent-Type: text/plain; "
	       "charset=utf-8\n\n" U "\n--s\n\ny\n--s--\n",
	SAME},
    {"the same, not for this relay", SEVEN_BIT | REFUSED,
	SIGNED "--s\n" CTE "8bit\nContent-Type: text/plain; "
	       "charset=utf-8\n\n" U "\n--s\n\ny\n--s--\n",
	"part 1"},
    {"a raw field that is signed", REFUSED,
	SIGNED "--s\nA: " U "\n\nx\n--s\n\ny\n--s--\n", "part 1"},
    {"no field, but signed", REFUSED,
	SIGNED "--s\nA: b\nHello\n\nx\n--s\n\ny\n--s--\n", "part 1"},
    {"8 bit in a part of what is signed", REFUSED,
	SIGNED "--s\n" MIXED "--b\n\n" U "\n--b--\n\n--s\n\ny\n--s--\n",
	"part 2"},
    {"8 bit behind what is signed", 0,
	MIXED "--b\n" SIGNED "--s\n\nx\n--s\n\ny\n--s--\n--b\n\n" TEXT
	      "\n--b--\n",
	MIXED "--b\n" SIGNED "--s\n\nx\n--s\n\ny\n--s--\n--b\n" ADDED_QP TEXT_QP
	      "\n--b--\n"},
};

#endif
