"""
Who may do what: every method of every desk, called as every role.

The table of `docs/reference/permissions.md` is the declaration beside each method; here
it is held against what happens.
"""

import pytest
from desk_world import METHODS, NAMES, a_world, arguments, desk_of

from sourcehere import (
    Actor,
    CommandRefusedError,
    ForbiddenError,
    Report,
    Role,
    SourceHereError,
)
from sourcehere.testing.factories import nothing_moves, open_bench


def refused_for_role(call, given):
    """
    Call, and tell whether it was refused because of who asked.
    """
    try:
        answer = call(**given)
    except ForbiddenError:
        return True
    except CommandRefusedError as error:
        return "role_not_allowed" in error.codes
    except SourceHereError:
        return False  # it may be asked for, only not now
    if isinstance(answer, Report) and answer.failed:
        return all(
            isinstance(error, ForbiddenError)
            or "role_not_allowed" in getattr(error, "codes", ())
            for error in answer.failed.values()
        )
    return False


class TestEveryMethodAsEveryRole:
    @pytest.mark.slow
    @pytest.mark.parametrize(("name", "part", "method", "access"), METHODS, ids=NAMES)
    def test_the_table_is_what_happens(self, name, part, method, access):
        """
        Whoever has no such right is refused and moves nothing; others are not refused.
        """
        bench, values = a_world()
        for role in sorted(Role, key=lambda role: role in access.roles):
            called = getattr(getattr(desk_of(bench, name, role), part), method)
            given = arguments(bench, values, f"{name}.{part}.{method}", called)
            if role in access.roles:
                assert not refused_for_role(called, given), role
            else:
                with nothing_moves(bench):
                    assert refused_for_role(called, given), role

    def test_there_are_as_many_as_the_page_says(self):
        """
        The walk leaves out nothing that the page lists.
        """
        assert len(METHODS) > 90
        assert len(METHODS) == len(set(NAMES))


class TestDesks:
    def test_another_sellers_desk_is_refused(self):
        """
        A seller who asks for the desk of another seller gets none, even to read.
        """
        sh = open_bench().sh

        with pytest.raises(ForbiddenError) as ei:
            sh.seller("demo", by=Actor(Role.SELLER, "other"))

        assert Actor(Role.SELLER, "other") == ei.value.actor
