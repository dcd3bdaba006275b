"""Would the search that follows each test (spill.py) find a secret, and only where it should not be?"""

import os
import subprocess

import pytest
from spill import PASSWORD, forms

TOKEN = "S3cret-" + "0123456789abcdef~" * 100
LETTER = b"Subject: hello\n\nhello\n"


@pytest.fixture
def spilt(nothing_spilt, tmp_path):
    """spilt(): what the search finds by now; after that it begins anew, with what is planted gone."""
    def run():
        found = nothing_spilt.found(tmp_path)
        nothing_spilt.begin()
        subprocess.run(["find", tmp_path, "-name", "planted*", "-delete"], check=True)
        return {name for _, name in found}
    return run


def plant(path, content):
    """As a program would, and not as a test does."""
    subprocess.run(["dd", f"of={path}", "status=none"], input=content, check=True)


@pytest.mark.parametrize("form, name", [(form, name) for secret in (PASSWORD, TOKEN) for form, name in sorted(forms(secret).items())])
def test_each_form(nothing_spilt, spilt, tmp_path, form, name):
    nothing_spilt.tell(TOKEN)
    plant(tmp_path / "planted", b"x" * 5000 + form[:20] + b"\r\n" + form[20:] + b"y")
    assert name in spilt()


@pytest.mark.parametrize("place", ["spool/queue/planted", "spool/tmp/planted", "spool/relays/planted", "planted.log",
                                   f"planted {PASSWORD}"])
def test_each_place(home, spilt, place):
    path = home.folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    plant(path, b"" if PASSWORD in place else PASSWORD.encode())
    assert spilt()


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
@pytest.mark.parametrize("into", ["pipe", "file"])
def test_what_a_program_says(home, spilt, stream, into):
    program = home.folder / "bin/pillarbox-queue"
    program.symlink_to("/bin/sh")
    said = subprocess.PIPE
    if into == "file":
        said = (home.folder / "planted").open("wb")
    process = subprocess.Popen([program, "-c", "cat >&" + "21"[stream == "stdout"]], stdin=subprocess.PIPE, **{stream: said})
    process.communicate(PASSWORD.encode())
    if into == "file":
        said.close()
    assert "raw" in spilt()


def test_what_the_test_wrote_is_its_own(home):
    (home.folder / "planted").write_text(PASSWORD)
    home.configure(work={"host": "h", "user": "u", "password": PASSWORD})
    assert home.run("-odq", "bob@example.net", input=LETTER).code == 0


@pytest.mark.parametrize("mode, kept, name", [(0o600, True, None), (0o640, True, "others may read it"), (0o600, False, "raw")])
def test_the_cache_of_tokens(home, nothing_spilt, spilt, mode, kept, name):
    path = home.spool / "tokens/planted"
    path.parent.mkdir(parents=True)
    nothing_spilt.tell(TOKEN, kept)
    plant(path, TOKEN.encode())
    os.chmod(path, mode)
    assert spilt() == {name} - {None}
