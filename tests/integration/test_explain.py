"""--explain ADDRESS and -bv: what would become of a message, without one."""

import pytest

ALIASES = """\
root: alice@example.com, ops
ops: bob@example.net
trash: /dev/null
bad: |/bin/sh
"""
WORK = 'relay "work" (smtp.example.com), from <alerts@example.com>'
ROOT = ["{}: alias of alice@example.com, bob@example.net",
        f"alice@example.com: {WORK}", f"bob@example.net: {WORK}"]


@pytest.fixture(params=[["--explain"], ["-bv"], ["-f", "alerts@example.com", "-bv", "--"]], ids=" ".join)
def explain(request, home):
    (home.folder / "aliases").write_text(ALIASES)
    home.configure(hostname="web1.example.org", aliases=home.folder / "aliases",
                   work={"host": "smtp.example.com", "identity": "qualify", "from": "alerts@example.com"},
                   other={"host": ["a.example", "b.example"], "senders": ["carol@example.net"]},
                   **{"default-relay": "work"})
    name = "pillarbox" if request.param == ["--explain"] else "sendmail"
    yield lambda *addresses: home.run(*request.param, *addresses, name=name)
    assert not home.spool.exists()


@pytest.mark.parametrize("addresses, lines", [
    (["x@y.example"], [f"x@y.example: {WORK}"]),
    (["X <x@y.example>, z@y.example"], [f"x@y.example: {WORK}", f"z@y.example: {WORK}"]),
    (["ops"], ["ops: alias of bob@example.net", f"bob@example.net: {WORK}"]),
    (["root"], [ROOT[0].format("root"), *ROOT[1:]]),
    (["Root@WEB1", "ops"], [ROOT[0].format("Root@WEB1"), *ROOT[1:],
                            "ops: alias of bob@example.net", f"bob@example.net: {WORK}"]),
    (["trash"], ["trash: thrown away: its alias is /dev/null"]),
])
def test_what_becomes_of_it(explain, addresses, lines):
    result = explain(*addresses)
    assert (result.code, result.err) == (0, "")
    assert result.out.decode().splitlines() == lines


@pytest.mark.parametrize("addresses, code, err", [
    (["nobody"], 67, "pillarbox: nobody: has no domain, and no alias; "),
    (["a b"], 67, "pillarbox: a b: "),
    (["bad"], 78, "aliases:4: |/bin/sh: mail is not given to programs; write an address\n"),
    (["bad", "ops"], 78, "aliases:4: "),
    ([], 64, "pillarbox: which addresses? "),
])
def test_what_cannot_be_sent(explain, addresses, code, err):
    result = explain(*addresses)
    assert result.code == code and err in result.err and result.err.count("\n") == 1
    assert (b"bob@example.net" in result.out) == ("ops" in addresses)


def test_a_sender_has_its_relay_and_its_identity(explain, home):
    def run(*argv):
        return home.run(*argv, "x@y.example", name="sendmail").out.decode()

    assert run("-bv", "-f", "carol@example.net") == 'x@y.example: relay "other" (a.example), from <carol@example.net>\n'
    assert run("-bv", "-f", "cron@web1") == \
        f"x@y.example: {WORK} instead of <cron@web1>: it is an address of this host\n"
    assert run("-bv", "-f", "<>") == 'x@y.example: relay "work" (smtp.example.com), from <>\n'
    assert 'relay "other"' in run("-bv", "--relay", "other")


@pytest.mark.parametrize("argv", [["--explain", "--dry-run", "-bv"], ["--explain", "--flush"], ["-bv", "--check"],
                                  ["-bv", "--json", "x@y.example"]])
def test_what_does_not_go_together(home, argv):
    result = home.run(*argv)
    assert result.code == 64 and result.err.count("\n") == 1 and not result.out
