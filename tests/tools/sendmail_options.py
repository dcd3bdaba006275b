"""sendmail's options as the source has them, and a second reading of command lines, to hold against the first."""

import re
from pathlib import Path
from typing import NamedTuple

CLI = Path(__file__).resolve().parents[2] / "src/cli"
ROW = re.compile(r'\{"([^"]+)",\s*(NO_VALUE|VALUE|ATTACHED),\s*(ACCEPTED|ACTS|SETS|REFUSED)(?:\(\s*([\w.]+)?)?')
WORD = re.compile(r'^    \{"([a-z-]+)", (NULL|"[A-Z]+"), (?:SET\((\w+)\)|(\w+))', re.M)
STATES = {"ACCEPTED": "accepted", "REFUSED": "refused", "ACTS": "acts", "SETS": "acts"}


class Row(NamedTuple):
    name: str
    value: str      # NO_VALUE, VALUE, ATTACHED
    state: str      # accepted, refused, acts
    what: str       # the member that it sets, or its function


ROWS = {found[0]: Row(found[0], found[1], STATES[found[2]], found[3].removeprefix("effect_"))
        for found in ROW.findall((CLI / "letters.c").read_text())}
WORDS = {name: (value != "NULL", member or effect.removeprefix("effect_"))
         for name, value, member, effect in WORD.findall((CLI / "options.c").read_text())}


class Wrong(Exception):
    pass


class Reading:
    """What a command line means: verb ("submit", or the function that says otherwise), arguments, dry_run."""

    def __init__(self, name, words):
        self.verb = {"mailq": "list", "newaliases": "aliases"}.get(name.rpartition("/")[2], "submit")
        self.words, self.arguments, self.said = list(words), [], set()
        anywhere = bool(words) and words[0].startswith("--") and words[0] != "--"
        while self.words:
            word = self.words.pop(0)
            if word == "--":
                self.arguments += self.words
                break
            if word.startswith("--"):
                self._long(word[2:])
            elif word.startswith("-") and word != "-":
                self._letters(word[1:])
            else:
                self.arguments.append(word)
                if not anywhere:
                    self.arguments += self.words
                    break
        if self.verb == "submit" and any(what.startswith("picks.") for what in self.said):
            self.verb = "flush"
        if self.verb == "submit" and "explain" in self.said and "dry_run" not in self.said:
            self.verb = "explain"

    def _next(self):
        if not self.words:
            raise Wrong
        return self.words.pop(0)

    def _long(self, word):
        name, equals, _ = word.partition("=")
        found = [name] if name in WORDS else [one for one in WORDS if one.startswith(name)]
        if len(found) != 1 or (equals and not WORDS[found[0]][0]):
            raise Wrong
        if WORDS[found[0]][0] and not equals:
            self._next()
        self._apply(WORDS[found[0]][1])

    def _letters(self, letters):
        while letters:
            row, letters = ROWS.get(letters[0]), letters[1:]
            if row is None:
                raise Wrong
            if row.value != "NO_VALUE":
                row, letters = self._joined(row, letters), ""
            if row.state == "refused":
                raise Wrong
            self._apply(row.what)

    def _joined(self, row, value):
        given = value or (self._next() if row.value == "VALUE" else "")
        best = row
        for other in ROWS.values():
            if not given or other.name[0] != row.name or len(other.name) <= len(best.name):
                continue
            rest = given.removeprefix(other.name[1:])
            if given.startswith(other.name[1:]) and (not rest or other.value != "NO_VALUE"):
                best = other
        if best is not row and best.value == "VALUE" and given == best.name[1:]:
            self._next()
        # Exim's -M ID is one verb, Sendmail's -Mx is none
        return best if best.what != "message" or not given else best._replace(what="")

    def _apply(self, what):
        self.said.add(what)
        if what in ("background", "foreground", "queue", "verbose"):
            return
        if what in ("list", "count", "aliases", "smtp", "version", "help", "check", "show", "hold", "release", "remove",
                    "bounce", "explain", "probe", "authorize"):
            self.verb = what
        elif what in ("flush", "run", "message"):
            self.verb = "flush"
