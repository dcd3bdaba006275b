"""A header as long as it may be, of any shape, takes a moment: what is looked up for each field is not looked for in all."""

import os
import time

import pytest

SIZE = 1_000_000
EACH = {
    "other resent fields": "Resent-%x:\n", "Resent-To": "Resent-To: a%d@b.cc\n", "fields": "X-%x:\n", "To": "To: a%d@b.cc\n",
    "Received": "Received: %d\n", "Message-ID": "Message-ID: <%d@x>\n", "Date": "Date:%d\n", "signatures": "DKIM-Signature: h=From:To:X%d\n",
    "8-bit": "X-%x: \u00e9\n",
}
ONE = {
    "signed names": "DKIM-Signature: h=From{}\n", "references": "References:{}\n", "parameters": "Content-Type: text/plain{}\n",
}
PIECE = {"signed names": ":X%x\n ", "references": " <%d@x>\n", "parameters": "; x%x=\u00e9\n"}
WHOLE = {
    "CR": "Subject: " + "\r" * 900_000 + "\n", "comments": "To: " + "(" * 400_000 + ")" * 400_000 + " a@b.cc\n",
    "groups": "To: " + "a:" * 300_000 + "\n", "folds": "Subject:" + "\n x" * 300_000 + "\n",
    "quotes": 'To: "' + "\\a" * 400_000 + '" <a@b.cc>\n', "8-bit words": "Subject: " + "\u00e9 " * 300_000 + "\n",
    "route": "To: <" + "@a," * 300_000 + ":a@b>\n", "encoded words": "Subject: " + "=?utf-8?q?a?= " * 70_000 + "\n",
}


def filled(piece):
    text, size, number = [], 0, 0
    while size < SIZE:
        text.append(piece % number)
        size += len(text[-1].encode())
        number += 1
    return "".join(text)


SHAPES = {**{name: lambda piece=piece: filled(piece) for name, piece in EACH.items()},
          **{name: lambda name=name: ONE[name].format(filled(PIECE[name])) for name in ONE},
          **{name: lambda text=text: text for name, text in WHOLE.items()}}


@pytest.mark.parametrize("name", SHAPES)
def test_it_takes_a_moment(home, name):
    home.configure(work={"host": "127.0.0.1"}, delivery="queue")
    began = time.monotonic()
    result = home.run("-t", "bob@example.net", input=b"From: a@example.com\n" + SHAPES[name]().encode() + b"\nhello\n", timeout=120)
    assert result.code in (0, 65, 67)
    assert time.monotonic() - began < (100 if "ASAN_OPTIONS" in os.environ else 20)
    assert len(home.entries) == (result.code == 0) and len(result.err) < 1200
