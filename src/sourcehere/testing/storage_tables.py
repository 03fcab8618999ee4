"""
The scratch tables that the storage contract works on, and rows for them.
"""

from sourcehere.ports.storage import Check, Column, ColumnKind, Key, Row, Table, Value

TEXT, INTEGER = ColumnKind.TEXT, ColumnKind.INTEGER
TIME, JSON = ColumnKind.TIME, ColumnKind.JSON

# Two columns are words of SQL, which a storage must not stumble over.
THINGS = Table(
    "thing",
    (
        Column("seller_id", TEXT),
        Column("thing_id", TEXT),
        Column("group", TEXT),
        Column("order", INTEGER),
        Column("made_at", TIME),
        Column("quantity", INTEGER),
        Column("quantity_max", INTEGER),
        Column("note", TEXT, nullable=True),
        Column("weight", INTEGER, nullable=True),
        Column("seen_at", TIME, nullable=True),
        Column("document", JSON),
        Column("version", INTEGER),
    ),
    key=("seller_id", "thing_id"),
    checks=(Check(0, "quantity"), Check("quantity", "quantity_max")),
    version="version",
)
BY_GROUP = THINGS.index("by_group", equal=["seller_id", "group"], order=["order"])
BY_TIME = THINGS.index("by_time", equal=["seller_id"], order=["made_at"])
OF_SELLER = THINGS.index("of_seller", equal=["seller_id"], order=["thing_id"])
LATEST = THINGS.index("latest", equal=[], order=["made_at"])
GROUPED = THINGS.index(
    "grouped", equal=["seller_id", "group"], order=["made_at"], found_if="group"
)
PRESENT = THINGS.index(
    "present", equal=["group"], order=["made_at"], found_if="quantity"
)
ORDERED = THINGS.index("ordered", equal=[], order=["made_at"], found_if="order")

CODES = Table(
    "code",
    (Column("seller_id", TEXT), Column("code_id", TEXT), Column("code", TEXT)),
    key=("seller_id", "code_id"),
)
BY_CODE = CODES.index("by_code", equal=["seller_id", "code"], unique=True)

# All of the row is its key, numbers and a time included.
VISITS = Table(
    "visit",
    (Column("place", TEXT), Column("number", INTEGER), Column("at", TIME)),
    key=("place", "number", "at"),
)
BY_NUMBER = VISITS.index("by_number", equal=["number"], order=["at"])

MESSAGES = Table(
    "message",
    (
        Column("seller_id", TEXT),
        Column("message_id", TEXT),
        Column("channel", TEXT),
        Column("connection", TEXT),
        Column("lane", TEXT),
        Column("position", INTEGER),
        Column("state", TEXT),
        Column("next_at", TIME),
        Column("epoch", INTEGER),
        Column("worker", TEXT),
        Column("lease_until", TIME),
        Column("body", JSON),
    ),
    key=("seller_id", "message_id"),
    version="epoch",
)
LANE = MESSAGES.index(
    "lane", equal=["seller_id", "channel", "lane"], order=["position"]
)
BY_STATE = MESSAGES.index(
    "by_state", equal=["state"], order=["next_at", "seller_id", "message_id"]
)

# Which connections rest, and until when.
RESTS = Table(
    "rest", (Column("connection", TEXT), Column("next_at", TIME)), key=("connection",)
)

TABLES = (THINGS, CODES, VISITS, MESSAGES, RESTS)


def row_of(table: Table, **values: Value) -> Row:
    """
    Make a row of *table* from *values*; what is not named is empty, zero or None.
    """
    empty: dict[ColumnKind, Value] = {TEXT: "", INTEGER: 0, TIME: 0, JSON: "{}"}
    assert set(values) <= set(table.position), sorted(values)
    return tuple(
        values.get(column.name, None if column.nullable else empty[column.kind])
        for column in table.columns
    )


def thing(thing_id: str, /, **values: Value) -> Row:
    """
    Make a row of THINGS: seller `s`, up to 10 pieces, version 1, unless told.
    """
    usual: dict[str, Value] = {"seller_id": "s", "quantity_max": 10, "version": 1}
    return row_of(THINGS, thing_id=thing_id, **{**usual, **values})


def message(message_id: str, /, **values: Value) -> Row:
    """
    Make a row of MESSAGES: seller `s`, waiting, alone in its lane, unless told.
    """
    usual: dict[str, Value] = {
        "seller_id": "s",
        "channel": "store",
        "lane": message_id,
        "state": "waiting",
    }
    return row_of(MESSAGES, message_id=message_id, **{**usual, **values})


def changed(table: Table, row: Row, **values: Value) -> Row:
    """
    Return *row* with some *values* replaced.
    """
    assert set(values) <= set(table.position), sorted(values)
    return tuple(
        values.get(column.name, old)
        for column, old in zip(table.columns, row, strict=True)
    )


def value_of(table: Table, row: Row, name: str) -> Value:
    """
    Read one column of *row*.
    """
    return row[table.position[name]]


def number_of(table: Table, row: Row, name: str) -> int:
    """
    Read one column of *row* that holds a number or a time.
    """
    value = value_of(table, row, name)
    assert isinstance(value, int)
    return value


def keys_of(table: Table, rows: list[Row]) -> list[Key]:
    """
    List the keys of *rows*.
    """
    return [table.key_of(row) for row in rows]
