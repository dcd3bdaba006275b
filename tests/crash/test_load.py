"""Many at once, and for long: every message arrives once, whatever the relay does and whoever is killed."""

import os
import random
import signal
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from acts import BOB, CAROL, message
from mail import wire
from oracle import Sent
from sink import DROP, TAKE_AND_DROP

LONG = bool(os.environ.get("PILLARBOX_LONG"))
SUBMITTERS, FLUSHERS, SECONDS = 200, 8, 60 if LONG else 8
SOAK = int(os.environ.get("PILLARBOX_SOAK", 20_000 if LONG else 1000))
SEED = int(os.environ.get("PILLARBOX_SEED", time.time_ns() % 1_000_000))


def start(place, *arguments, name="pillarbox", **options):
    return subprocess.Popen([place.home.program(name), *arguments], env=place.home.environment, cwd=place.home.folder,
                            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)


def submit(place, token, recipients=(BOB,)):
    process = start(place, "-odq", "-f", "alice@example.com", *recipients)
    process.communicate(message(token, 500))
    return Sent(token, wire(message(token, 500)), list(recipients), accepted=process.returncode == 0)


def flush_until(place, stop, *arguments):
    while not stop.is_set():
        start(place, "--flush", *arguments).communicate()


def test_many_at_once(place, tell):
    """All submitters start one message after the other, and the flushers flush."""
    place.clean()
    sent, stop, until = [], threading.Event(), time.monotonic() + SECONDS

    def submitter(number):
        count = 0
        while time.monotonic() < until:
            sent.append(submit(place, f"s{number}-{count}"))
            count += 1

    flushers = [threading.Thread(target=flush_until, args=(place, stop)) for _ in range(FLUSHERS)]
    submitters = [threading.Thread(target=submitter, args=(number,)) for number in range(SUBMITTERS)]
    for thread in flushers + submitters:
        thread.start()
    for thread in submitters:
        thread.join()
    stop.set()
    for thread in flushers:
        thread.join()
    place.oracle.settle(*sent, timeout=900)
    lost = [each.token for each in sent if not each.accepted]
    assert not lost, f"{len(lost)} were not accepted"
    assert len(place.sink.taken) == len(sent), "not every message once"
    tell(f"at once: {len(sent)} messages of {SUBMITTERS} submitters in {SECONDS} s, {FLUSHERS} flushers, each once")


class Moods:
    """A relay that one time in five does something else than to take it."""

    def __init__(self, seed):
        self.chance, self.count = random.Random(seed), 0

    def __call__(self, stage, talk):
        if stage == "RCPT" and self.chance.random() < 0.03:
            return self.chance.choice(["451 4.3.0 later", "452 4.2.2 full"])
        if self.chance.random() >= 0.03:
            return None
        self.count += 1
        if stage == "DOT":
            return self.chance.choice(["451 4.3.0 later", "452 4.3.1 full", DROP, TAKE_AND_DROP])
        return self.chance.choice(["421 4.3.2 down", DROP, "250-stalls", "451 4.3.0 later"])


def killer(place, stop, chance, killed):
    """Kills a delivery now and then."""
    while not stop.wait(chance.uniform(0.05, 0.5)):
        running = [pid for pid, name in place.home.processes().items() if name == "pillarbox-deliver"]
        if running:
            try:
                os.kill(chance.choice(running), signal.SIGKILL)
                killed.append(1)
            except ProcessLookupError:
                pass


def test_soak(place, tell):
    """Submitted, flushed, killed and refused at once; then the relay is in order, and the ledger must be exact."""
    place.clean()
    place.home.configure(work={**place.sink.settings(), "timeout": "1s"})
    chance, killed, stop = random.Random(SEED), [], threading.Event()
    place.sink.mood = moods = Moods(SEED + 1)
    place.sink.refuse["nobody@example.net"] = "550 5.1.1 no such user"
    workers = [threading.Thread(target=flush_until, args=(place, stop, "--force")) for _ in range(3)]
    workers.append(threading.Thread(target=killer, args=(place, stop, chance, killed)))
    for worker in workers:
        worker.start()

    def one(number):
        recipients = [BOB, CAROL][:1 + number % 2] + (["nobody@example.net"] if number % 50 == 49 else [])
        return submit(place, f"soak{number}", recipients)

    began = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(one, range(SOAK)))
    time.sleep(2)
    stop.set()
    for worker in workers:
        worker.join()
    place.sink.mood = None
    assert all(each.accepted for each in sent), f"seed {SEED}: not accepted"
    place.oracle.settle(*sent, refused=["nobody@example.net"], timeout=900)
    served = sum(len(taken.recipients) for taken in place.sink.taken)
    wanted = sum(recipient != "nobody@example.net" for each in sent for recipient in each.recipients)
    tell(f"soak, seed {SEED}: {len(sent)} messages, {len(killed)} kills, {moods.count} moods of the relay, 0 lost, "
         f"{served - wanted} of {wanted} twice, all in doubt; {time.monotonic() - began:.0f} s")
