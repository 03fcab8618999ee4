"""
A process that dies between two steps, wherever that is, leaves nothing half done.
"""

import ast
import contextlib
from collections import Counter
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from desk_world import a_world, arguments, desk_of
from scenes import SCENES, a_scene
from test_commands_twice import COMMANDS, PREPARED

import sourcehere
from sourcehere import SourceHereError
from sourcehere.builtin.memory import MemoryStorage
from sourcehere.domain.effects.model import MessageKind
from sourcehere.domain.kernel.ids import ids_made_by
from sourcehere.services.base.threads import without_threads
from sourcehere.testing.crash_points import AFTER, BY_ITSELF
from sourcehere.testing.dying import DiedError, DyingStorage, name_of
from sourcehere.testing.factories import dump
from sourcehere.unit.tables import TABLES

SERVICES = Path(sourcehere.__file__).parent / "services"
COMMITS = {
    *("_once", "_each", "_once_over", "_once_for_platform"),
    *("_once_over_for_platform", "seller", "platform", "outside", "transact"),
}
# What is written anew, or once more, where a process died: no row of an order's life.
OFTEN = {"tab_delta", "send", "worker", "circuit", "told", "told_name"}


def played(scene, *, dies_after=None):
    """
    Let a scene be played, by a process that dies, and by one that goes on.

    Returns:
        The steps of the first process, and what there is in the end: rows by table,
        numbers that the shop was told, events that a plugin heard.
    """
    with ids_made_by(numbered()), without_threads():
        world = a_scene()
        act = scene(world)
        world.storage.begin(dies_after=dies_after)
        with contextlib.suppress(DiedError):
            act()
        steps = world.storage.steps
        world.restart()
        if dies_after is not None:
            act()
        world.settle()
    report = world.bench.app.audit.run(replay=True)
    assert () == report.violations
    told = Counter(n.tracking_number for n in world.bench.shop.fulfilments.values())
    heard = Counter(type(event).__name__ for event in set(world.listening.heard))
    return steps, {"rows": rows_of(world.storage), "told": told, "heard": heard}


@cache
def played_by_one(scene):
    """
    Let a scene be played by a process that does not die.
    """
    return played(scene)


def numbered():
    """
    Make ids that are the same in every world: one in so many asks for work.
    """
    numbers = count(1)
    return lambda: f"{next(numbers):012x}"


def rows_of(storage):
    """
    Count the rows of every table that nothing is written to again and again.
    """
    rows = dump(storage)
    counts = Counter({n: len(found) for n, found in rows.items() if n not in OFTEN})
    folds = sum(MessageKind.FOLD_TABS in row for row in rows["outbox_message"])
    counts["outbox_message"] -= folds
    return counts


@pytest.mark.parametrize("scene", SCENES, ids=[scene.__name__ for scene in SCENES])
def test_it_goes_on_wherever_it_died(scene):
    """
    Dead after any of its steps, or before the first, it is done once all the same.
    """
    steps, wanted = played_by_one(scene)
    assert len(steps) > 1
    for place in range(len(steps) + 1):
        _, found = played(scene, dies_after=place)
        more = {name: found[name] - wanted[name] for name in wanted}
        fewer = {name: wanted[name] - found[name] for name in wanted}
        assert not any((*more.values(), *fewer.values())), (steps[:place], more, fewer)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "access"), COMMANDS, ids=[n for n, _ in COMMANDS])
def test_a_command_is_done_once_wherever_it_died(name, access):
    """
    Given again with its id, it answers; and it is done as if nobody had died.
    """
    steps, wanted = done_by_one(name, access)
    for place in range(len(steps) + 1):
        call, storage, bench = prepared(name, access)
        storage.begin(dies_after=place)
        with contextlib.suppress(DiedError):
            call()
        storage.begin()
        assert wanted == done_twice(call, storage, bench), steps[:place]


def prepared(name, access):
    """
    Return the call of a command in a world of its own, with the storage and the bench.
    """
    storage, new_id = DyingStorage(MemoryStorage(TABLES)), numbered()
    with ids_made_by(new_id):
        bench, values = a_world(storage)
        prepare = PREPARED.get(name)
        values |= prepare(bench) if prepare else {}
    desk, part, method = name.split(".")

    def call():
        refused = []
        for role in sorted(access.roles):
            called = getattr(getattr(desk_of(bench, desk, role), part), method)
            given = arguments(bench, values, name, called) | {"command_id": "once"}
            try:
                with ids_made_by(new_id), without_threads():
                    return called(**given)
            except SourceHereError as error:
                refused.append(error)
        raise refused[0]

    return call, storage, bench


def done_twice(call, storage, bench):
    """
    Return what is there when a command was given and, once more, answered the same.
    """
    first = call()
    assert first == call()
    assert () == bench.app.audit.run(replay=True).violations
    return rows_of(storage)


@cache
def done_by_one(name, access):
    """
    Return the steps of a command where nobody dies, and what is there in the end.
    """
    call, storage, bench = prepared(name, access)
    storage.begin()
    call()
    steps = list(storage.steps)
    return steps, done_twice(call, storage, bench)


def commits():
    """
    Name the methods of services that commit.
    """
    for path in sorted(SERVICES.glob("*/*.py")):
        if path.parent.name == "base":
            continue
        inside = ("services", path.parent.name, path.stem)
        for qualname, call in calls_in(ast.parse(path.read_text()), ()):
            is_reading = any(
                word.arg == "read_only" and ast.unparse(word.value) == "True"
                for word in call.keywords
            )
            on = ast.unparse(call.func).split(".")
            is_unit = on[-1] not in {"seller", "platform", "outside"} or on[-2] in {
                "units",
                "_units",
            }
            if on[-1] in COMMITS and is_unit and not is_reading:
                yield name_of(inside, ".".join(qualname))


def calls_in(node, qualname):
    """
    Yield the method calls below *node*, with the function that they are in.
    """
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef | ast.FunctionDef):
            is_inner = isinstance(node, ast.FunctionDef)
            name = qualname if is_inner else (*qualname, child.name)
            yield from calls_in(child, name)
            continue
        if isinstance(child, ast.Call) and isinstance(child.func, ast.Attribute):
            yield qualname, child
        yield from calls_in(child, qualname)


@pytest.mark.slow
def test_every_point_has_a_name():
    """
    Every step that another follows is named; and every commit of every service is a
    step of something that dies here.
    """
    played_steps = [played_by_one(scene)[0] for scene in SCENES]
    commanded = [done_by_one(name, access)[0] for name, access in COMMANDS]
    seen = {step for steps in (*played_steps, *commanded) for step in steps}
    followed = {s for steps in (*played_steps, *commanded) for s in steps[:-1]}

    assert followed == set(AFTER)
    assert set(commits()) - seen == set(BY_ITSELF)
