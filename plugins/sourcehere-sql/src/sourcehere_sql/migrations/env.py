"""
Runs the migrations on the connection that `sourcehere_sql.opening` has begun.
"""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table="sourcehere_version",
)
context.run_migrations()
