"""What is in the memory of a process: needs root, or a process of one's own that may be traced."""

import re


def search(pid, *wanted):
    """Where in its memory each of `wanted` (bytes) is: {bytes: [name of the mapping, ...]}, for those that are there."""
    found = {}
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            match = re.match(r"([0-9a-f]+)-([0-9a-f]+) r\S+ \S+ \S+ \S+ *(.*)", line)
            if not match or match[3] in ("[vvar]", "[vsyscall]"):
                continue
            begin, end = int(match[1], 16), int(match[2], 16)
            try:
                memory.seek(begin)
                content = memory.read(end - begin)
            except (OSError, ValueError, OverflowError):
                continue
            for one in wanted:
                found.setdefault(one, []).extend([match[3] or "anonymous"] * content.count(one))
    return {one: places for one, places in found.items() if places}
