"""
What of a thing `fields` asks for: `id,*items,payments.updated_at`.
"""


def chosen(told, fields: str):
    """
    Return only what is asked for, as the Admin API does.
    """
    return _part(told, [tuple(one.strip().split(".")) for one in fields.split(",")])


def _part(told, paths):
    if isinstance(told, list):
        return [_part(one, paths) for one in told]
    if not isinstance(told, dict):
        return told
    found = {}
    for name, value in told.items():
        if name == "metadata":
            if ("metadata",) in paths:
                found[name] = value
            continue
        mine = [path for path in paths if path[0].removeprefix("*") == name]
        is_whole = any(
            path[0] in (f"*{name}", name) and len(path) == 1 for path in mine
        )
        below = [path[1:] for path in mine if len(path) > 1]
        # The star before a path belongs to its last name.
        below += [
            (*path[1:-1], f"*{path[-1]}")
            for path in mine
            if len(path) > 1 and path[0].startswith("*")
        ]
        if is_whole:
            found[name] = _scalars(value, below)
        elif below:
            found[name] = _part(value, below)
    return found


def _scalars(value, below):
    """
    Return a thing's own values, and of what it has to do with only what is asked for.
    """
    if isinstance(value, list):
        return [_scalars(one, below) for one in value]
    if not isinstance(value, dict):
        return value
    own = {n: v for n, v in value.items() if not _is_related(n, v)}
    return own | _part(value, below)


def _is_related(name, value) -> bool:
    many = isinstance(value, list) and name != "values"
    return many or (isinstance(value, dict) and name != "metadata")
