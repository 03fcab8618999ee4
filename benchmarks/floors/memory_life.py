"""
The hand-written floor on dicts: key to row, changed at once, with no way back.
"""

from operator import itemgetter


def tables_of(rows, tables):
    """
    Return dicts of key to row, filled with *rows* per table.
    """
    return {
        name: {row[: len(tables[name].key)]: row for row in kept}
        for name, kept in rows.items()
    }


def writer(kept, tables):
    """
    Return a function that writes one commit.
    """
    plans = {}

    def plan_of(statement):
        plan = plans.get(statement)
        if plan is None:
            table = tables[statement.table]
            places = [table.position[name] for name in statement.columns]
            width = len(table.key) if statement.verb == "insert" else len(places)
            plan = plans[statement] = (kept[table.name], places, width)
        return plan

    def write(commit):
        for statement, rows in commit:
            table, places, width = plan_of(statement)
            if statement.verb == "insert":
                table.update([(row[:width], row) for row in rows])
                continue
            is_sum = statement.verb == "add"
            for values in rows:
                key = values[width:]
                row = list(table[key])
                for place, value in zip(places, values, strict=False):
                    row[place] = row[place] + value if is_sum else value
                table[key] = tuple(row)

    return write


def columns(kept, tables, name, names):
    """
    Return *names* of every row of a table.
    """
    pick = itemgetter(*(tables[name].position[one] for one in names))
    return [pick(row) for row in kept[name].values()]
