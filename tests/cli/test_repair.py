"""
`sourcehere repair`: the plan, the question, and what is left.
"""

import sys

import pytest

from sourcehere.testing.factories import dump
from sourcehere.unit.tables.pairing import CONNECTED_SKUS
from sourcehere.unit.tables.sellers import SELLERS
from sourcehere.unit.tables.wallet import WALLETS


def spoil(shop):
    """
    Put a penny into the wallet, behind everybody's back.
    """
    (row,) = dump(shop.storage, [WALLETS.table])["wallet"]
    row = list(row)
    row[WALLETS.table.position["available"]] += 1
    shop.storage.transact(
        lambda s: s.replace(WALLETS.table, [tuple(row)], expected=None),
        read_only=False,
    )


def lose(shop, records):
    """
    Delete the first row of a table.
    """
    (row, *_) = dump(shop.storage, [records.table])[records.table.name]
    shop.storage.transact(
        lambda s: s.delete(records.table, [records.table.key_of(row)]),
        read_only=False,
    )


def test_there_is_nothing_to_repair(paid):
    """
    Of a healthy database it says so, and moves nothing.
    """
    for words in ("repair", "repair --do", "repair --seller lamps"):
        assert "there is nothing to repair" in paid.ok(words)
    assert 0 == paid.json("repair")["found"]
    assert [] == paid.listed("repair list")


def test_the_plan_is_shown_and_nothing_is_written(paid):
    """
    From what to what, for which finding; the exit code is the audit's.
    """
    spoil(paid)
    before = dump(paid.storage)
    told = paid("repair")

    assert 1 == told.code
    assert before == dump(paid.storage)
    assert "Would be written" in told.out
    assert "wallet_is_its_entries" in told.out
    assert "available 1" not in told.err


def test_it_is_done_for_scripts(paid):
    """
    With --yes it is written, audited again, and kept.
    """
    spoil(paid)
    told = paid.json("repair --do --yes --reason 'ticket 7' --as staff:ann")
    (kept,) = paid.listed("repair list")

    assert [] == told["violations"]
    assert [kept] == told["repairs"]
    assert ("ticket 7", {"role": "staff", "id": "ann"}) == (
        kept["reason"],
        kept["actor"],
    )
    assert "everything is as it must be" in paid.ok("audit --replay")
    spoil(paid)
    assert "everything is as it must be" in paid.ok("repair --do --yes")
    assert "ticket 7" in paid.ok("repair list")


def test_nobody_at_a_terminal_has_to_say_yes(paid):
    """
    A script that forgot --yes writes nothing.
    """
    spoil(paid)
    for words in ("repair --do", "repair --do --json"):
        assert "--yes" in paid.unmoved(words, 2)


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("\n", 3)])
def test_the_person_at_the_terminal_is_asked(paid, monkeypatch, answer, code):
    """
    Only yes writes.
    """
    spoil(paid)
    for stream in (sys.stdin, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    monkeypatch.setattr(sys.stdin, "readline", lambda: answer)
    told = paid("repair --do")

    assert code == told.code
    assert "Write 1 row? [y/N]" in told.err
    assert ("nothing was written" in told.err) == bool(code)


def test_what_is_left_is_for_a_person(paid):
    """
    What can be mended is, the rest comes with advice, and the exit code says so.
    """
    lose(paid, SELLERS)
    lose(paid, CONNECTED_SKUS)
    planned = paid("repair")
    assert 1 == planned.code
    assert "take the seller's row from a backup" in planned.out

    done = paid("repair --do --yes")
    assert 1 == done.code
    assert "Repaired" in done.out
    assert "seller_is_there" in done.out[done.out.index("Still violated") :]


def test_a_seller_may_not(paid):
    """
    Repairs are for staff.
    """
    spoil(paid)
    for words in ("repair", "repair --do --yes", "repair list"):
        paid.unmoved(f"{words} --as seller", 2)
