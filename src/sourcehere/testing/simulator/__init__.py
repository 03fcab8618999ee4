"""
A deterministic simulator: sellers, shops, carriers, payment gateways, workers and time
in one process.
"""

from .simulator import Simulated as Simulated
from .simulator import SimulationError as SimulationError
from .simulator import simulate as simulate
from .simulator import simulate_at as simulate_at
from .world import Faults as Faults
