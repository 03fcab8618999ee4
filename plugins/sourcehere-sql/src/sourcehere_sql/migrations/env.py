"""
Runs the migrations on the connection that `sourcehere_sql.upgrading` has begun.
"""

from alembic import context

from sourcehere_sql.changes import Changes
from sourcehere_sql.place import VERSION_TABLE

attributes = context.config.attributes
place = attributes["place"]
context.configure(
    connection=attributes["connection"],
    version_table=place.name(VERSION_TABLE),
    version_table_schema=place.schema or None,
)
changes = attributes["changes"] = Changes(context.get_context(), place)
context.run_migrations(db=changes)
