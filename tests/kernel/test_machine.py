"""
A chart is a table and nothing else; what could not be one is refused at import.
"""

import pytest

from sourcehere.domain.kernel.errors import TransitionRefusedError
from sourcehere.domain.kernel.machine import ChartError, State, StateTable


class DoorChart(StateTable):
    """
    A chart to look at.
    """

    open = State(initial=True)
    shut = State()
    bricked_up = State(final=True)

    close = open.to(shut)
    knock = shut.to(shut)
    reopen = shut.to(open)
    brick = shut.to(bricked_up)


class TestTable:
    def test_it_holds_every_move_once(self):
        """
        The table maps each pair of the class body to the state that follows.
        """
        assert {
            ("open", "close"): "shut",
            ("shut", "knock"): "shut",
            ("shut", "reopen"): "open",
            ("shut", "brick"): "bricked_up",
        } == DoorChart.table

    def test_it_knows_its_names(self):
        """
        States and events are listed in the order of the class body.
        """
        assert ("open", "shut", "bricked_up") == DoorChart.state_names()
        assert ("close", "knock", "reopen", "brick") == DoorChart.event_names()
        assert {"bricked_up"} == DoorChart.ending_states()

    def test_a_move_it_lacks_is_refused(self):
        """
        An event that does not fit the state is refused with chart, state and event.
        """
        with pytest.raises(TransitionRefusedError) as ei:
            DoorChart.after("open", "brick")

        refused = ei.value
        assert ("DoorChart", "open", "brick") == (
            refused.chart,
            refused.state,
            refused.event,
        )
        assert not DoorChart.allows("open", "brick")
        assert DoorChart.allows("shut", "brick")

    def test_it_draws_itself(self):
        """
        The drawing names each event as the code does.
        """
        assert "shut --> bricked_up : brick" in DoorChart.drawing()


class TestCompiler:
    def test_a_pair_that_occurs_twice_is_refused(self):
        """
        One event from one state to two states is no table.
        """
        with pytest.raises(ChartError, match=r"\('a', 'go'\) occurs twice"):

            class _Twice(StateTable):
                a = State(initial=True)
                b = State(final=True)
                c = State(final=True)
                go = a.to(b) | a.to(c)

    def test_a_condition_is_refused(self):
        """
        Where the outcome depends on facts there are two events, never a condition.
        """
        with pytest.raises(ChartError, match="has a condition"):

            class _Conditional(StateTable):
                a = State(initial=True)
                b = State(final=True)
                go = a.to(b, cond="is_ready")

                def is_ready(self):
                    return True

    def test_an_event_named_as_a_state_is_refused(self):
        """
        A name bound twice would silently remove the state, so it is refused.
        """
        with pytest.raises(ChartError, match="'b' is bound twice"):

            class _Bound(StateTable):
                a = State(initial=True)
                b = State(final=True)
                b = a.to(b)
