"""
What every test can use.
"""

from hypothesis import settings

from sourcehere.testing.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]

settings.register_profile("ci", derandomize=True, deadline=None)
settings.load_profile("ci")
