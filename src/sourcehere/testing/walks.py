"""
How contracts walk through a state machine of hypothesis's.
"""

from collections.abc import Callable

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test


def phases() -> tuple[Phase, ...]:
    """
    Return what the profile in force does, without explaining.

    What hypothesis explains of a failure, which lines ran, costs many times what
    finding it does; the steps that led there say more.
    """
    return tuple(phase for phase in settings().phases if phase is not Phase.explain)


def walk(
    make: Callable[[], RuleBasedStateMachine], *, examples: int, steps: int
) -> None:
    """
    Walk through as many machines, each of at most so many steps; fail with the shortest
    walk that fails.
    """
    run_state_machine_as_test(
        make,  # type: ignore[arg-type]  # a factory will do
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            report_multiple_bugs=False,
            phases=phases(),
            suppress_health_check=list(HealthCheck),
        ),
    )
