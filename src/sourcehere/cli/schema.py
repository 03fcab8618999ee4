"""
`sourcehere schema`.
"""

from ..face.schemas import RECORDS, schema_named
from .output import Result, table, to_json


def run(name: str = "", /) -> Result:
    """
    Print the JSON Schema of what --json answers with; without a name, list the records.

    Args:
        name: Of a record, such as OrderView.
    """
    if name:
        schema = schema_named(name)
        return Result(schema, (to_json(schema),))
    names = sorted(RECORDS)
    what = {n: schema_named(n)["description"] for n in names}
    shown = table(names, {"record": lambda n: n, "what": lambda n: what[n]})
    return Result(names, (shown,))
