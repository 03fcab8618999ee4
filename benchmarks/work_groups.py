"""
What each function of an order's life is for: the first group that names it.
"""

OTHERS = "Python's library and what else is called"
THREADS = "other threads"

# What for -> beginnings of `path:name`, of ours and of the floor.
GROUPS = (
    (
        "making frozen values (`__init__`, `evolve`)",
        ("attrs/", "attr/", "sourcehere/domain/kernel/values"),
    ),
    (
        "what comes from outside is checked",
        (
            "sourcehere/doors",
            "sourcehere/plugins",
            "sourcehere/domain/kernel/annotations",
            "sourcehere/domain/kernel/checks",
            "sourcehere/domain/kernel/plain",
        ),
    ),
    (
        "taking orders in, and pairing their lines",
        (
            "sourcehere/services/intake",
            "sourcehere/services/pairing",
            "sourcehere/domain/pairing",
            "sourcehere/domain/stores",
            "sourcehere/domain/contacts",
            "floors/by_hand_import",
        ),
    ),
    (
        "prices, freight, offers and money",
        (
            "sourcehere/services/paying",
            "sourcehere/services/base/consignments",
            "sourcehere/services/base/promising",
            "sourcehere/domain/freight",
            "sourcehere/domain/catalog",
            "sourcehere/domain/wallet",
            "sourcehere/builtin/rate_cards",
            "sourcehere/builtin/policies",
            "sourcehere/builtin/calendars",
            "floors/by_hand.py:check_out",
            "floors/hand_tools.py:cheapest",
            "floors/hand_tools.py:_price",
            "floors/hand_tools.py:arrival",
            "floors/hand_tools.py:leaving",
            "holidays/",
        ),
    ),
    (
        "orders: rules, events, and what they change",
        (
            "sourcehere/domain/orders",
            "sourcehere/domain/kernel/machine",
            "sourcehere/domain/kernel/events",
            "floors/by_hand.py:pay",
            "floors/by_hand.py:accept",
        ),
    ),
    (
        "parcels, tracking, and what is owed to shops",
        (
            "sourcehere/services/sending",
            "sourcehere/services/outside",
            "sourcehere/domain/shipments",
            "sourcehere/domain/effects",
            "floors/by_hand.py:ship",
            "floors/by_hand.py:claim",
            "floors/by_hand.py:finish",
            "floors/by_hand.py:deliver",
        ),
    ),
    (
        "rows and JSON of records, and records of them",
        (
            "sourcehere/unit/records",
            "sourcehere/unit/text",
            "sourcehere/unit/tables",
            "sourcehere/ports/rows",
            "sourcehere/ports/tables",
            "json/",
            "<string>",
            "floors/by_hand.py",
            "floors/hand_tools.py",
        ),
    ),
    (
        "units of work: what was read, what changed, the commit",
        ("sourcehere/unit", "sourcehere/services", "floors/hand_run"),
    ),
    (
        "ids, money, instants",
        ("sourcehere/domain", "random.py", "secrets.py", "uuid.py", "workload.py:next"),
    ),
    (
        "the storage",
        (
            "sourcehere/builtin/memory",
            "sourcehere/ports/storage",
            "sourcehere_sql",
            "floors/memory_life",
            "floors/sqlite_life",
            "floors/postgres_life",
        ),
    ),
    ("the driver of PostgreSQL", ("psycopg",)),
)


def group_of(path, name):
    """
    Return what the function *name* of *path* is for.
    """
    whole = f"{path}:{name}"
    if path == THREADS:
        return THREADS
    for group, beginnings in GROUPS:
        if whole.startswith(beginnings):
            return group
    return OTHERS
