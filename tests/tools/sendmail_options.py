"""sendmail's options as the source has them, and a second reading of command lines, to hold against the first."""

import re
from pathlib import Path
from typing import NamedTuple

CLI = Path(__file__).resolve().parents[2] / "src/cli"
ROW = re.compile(r'^    \{"([^"]+)",\s*(NO_VALUE|VALUE|ATTACHED),\s*(ACCEPTED|DOES|REFUSED)(.*?)\},?$', re.M | re.S)
WORD = re.compile(r'^    \{"([a-z-]+)", (NULL|"[A-Z]+"), \{(.*?)\}', re.M | re.S)
COLUMN = re.compile(r'SETS\(([\w.]+)\)|\.act = effect_(\w+)')
VERB = re.compile(r'\.verb = VERB_(\w+)')
STATES = {"ACCEPTED": "accepted", "REFUSED": "refused", "DOES": "acts"}


class Effect(NamedTuple):
    verb: str       # that it is from then on; "": as it was
    what: tuple     # the member that it sets, its function


class Row(NamedTuple):
    name: str
    value: str      # NO_VALUE, VALUE, ATTACHED
    state: str      # accepted, refused, acts
    effect: Effect


def effect(columns):
    verb = VERB.search(columns)
    return Effect(verb[1].lower() if verb else "", tuple(a or b for a, b in COLUMN.findall(columns)))


ROWS = {name: Row(name, value, STATES[state], effect(columns))
        for name, value, state, columns in ROW.findall((CLI / "letters.c").read_text())}
WORDS = {name: (value != "NULL", effect(columns))
         for name, value, columns in WORD.findall((CLI / "options.c").read_text())}


class Wrong(Exception):
    pass


class Reading:
    """What a command line means: verb (that of the source, in small letters), arguments, dry_run."""

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
            self._apply(row.effect)

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
        # Exim's -M ID is a verb, Sendmail's -Mx is none
        return best if best.effect.what != ("message",) or given else best._replace(effect=Effect("flush", ()))

    def _apply(self, effect):
        self.said.update(effect.what)
        self.verb = effect.verb or self.verb
