"""What happens to messages on the way to us, and what should never: cut, bytes flipped, line ends of another kind."""

import random
import re


def cuts(message, most):
    """At every kB; no more than `most`, spread over the message."""
    places = range(1000, len(message), 1000)
    step = max(1, -(-len(places) // most))
    for place in places[::step]:
        yield f"cut at {place}", message[:place]


def flips(message, seed, count):
    """With a seed of its own each; most of them where the structure is."""
    odd = b"\0\r\n \"()<>;:=-\xff\xe4"
    for number in range(count if message else 0):
        chance = random.Random(f"{seed} {number}")
        mutant = bytearray(message)
        for _ in range(chance.randint(1, 8)):
            place = chance.randrange(min(len(mutant), chance.choice((1500, len(mutant)))))
            mutant[place] = chance.choice((chance.randrange(256), chance.choice(odd)))
        yield f"flipped {number}", bytes(mutant)


def line_ends(message):
    lines = re.sub(rb"\r\n?|\n", b"\n", message)
    for name, end in (("LF", b"\n"), ("CRLF", b"\r\n"), ("CR", b"\r")):
        yield f"with {name}", lines.replace(b"\n", end)


def mutants(message, seed, long=False):
    yield from cuts(message, 1000 if long else 6)
    yield from flips(message, seed, 60 if long else 5)
    yield from line_ends(message)
