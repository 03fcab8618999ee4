"""
The command as a person uses it, in this process.
"""

import json
import shlex

import attrs
import pytest

import sourcehere
from sourcehere.cli import main
from sourcehere.cli.entry import run
from sourcehere.testing.factories import dump
from sourcehere.testing.rows import fill

PRODUCTS = """\
sku,title,weight_grams,price,currency,concession_points,product,option:Colour
LAMP-W,White lamp,200,1.70 100:1.50,GBP,500,Lamp,White
LAMP-R,Red lamp,200,1.80,GBP,500,Lamp,Red
MUG,Mug,300,2.00,GBP,500,,
"""
ORDERS = """\
order_number,sku,title,quantity,unit_price,placed_at,customer,country
1001,LAMP-W,Lamp,6,3.39,2030-12-01 08:26,17,GB
1001,CUP,Cup,2,3.39,2030-12-01 08:26,17,GB
1002,lamp-w,Lamp,3,3.39,2030-12-01 08:27,18,GB
1003,CUP,Cup,1,3.00,2030-12-01 08:28,19,FR
1003,LAMP-W,Lamp,0,3.00,2030-12-01 08:28,19,FR
1003,POST,Postage,1,4.00,2030-12-01 08:28,19,FR
"""
STORE = {"currency": "GBP", "fee_codes": ["POST"]}
STEP = {"first_grams": 500, "first_price": 250, "additional_grams": 500}
BREAK = {**STEP, "additional_price": 100, "up_to_grams": None}
ZONE = {"countries": ["*"], "breaks": [BREAK]}
METHOD = {"code": "std", "name": "Standard", "days_min": 5, "days_max": 9}
CARD = {"currency": "GBP", "methods": [{**METHOD, "zones": [ZONE]}]}


@attrs.frozen
class Said:
    """
    What a run of the command said.
    """

    code: int
    out: str
    err: str


def gbp(amount):
    """
    Return *amount*, such as `8.60`, as JSON has it.
    """
    minor = int(amount.replace(".", ""))
    return {"amount": amount, "currency": "GBP", "minor": minor}


SET_UP = []  # the folder and the rows of the first that was set up


def moved(rows, old, new):
    """
    Return *rows* as they are of files in another folder.
    """
    return {
        name: [
            tuple(v.replace(old, new) if isinstance(v, str) else v for v in row)
            for row in found
        ]
        for name, found in rows.items()
    }


class Shell:
    """
    Runs commands against one database, in one folder.
    """

    def __init__(self, folder, capsys, start, storage=None):
        self.folder = folder
        self._capsys = capsys
        self._start = start
        self.storage = storage

    def __call__(self, words):
        """
        Run `sourcehere` with *words*, as a shell splits them.
        """
        self._capsys.readouterr()
        code = self._start(shlex.split(words))
        said = self._capsys.readouterr()
        return Said(code, said.out, said.err)

    def ok(self, words):
        """
        Run what must be done, and give what it says.
        """
        said = self(words)
        assert (0, "") == (said.code, said.err), said
        return said.out

    def json(self, words):
        """
        Run what must be done, and give its JSON document.
        """
        return json.loads(self.ok(f"{words} --json"))

    def refused(self, words, code):
        """
        Run what must be refused with *code*, and give what it says.
        """
        said = self(words)
        assert code == said.code, said
        assert "Traceback" not in said.err
        return said.err

    def unmoved(self, words, code):
        """
        Run what must be refused with *code* and change no row; give what it says.
        """
        before = dump(self.storage)
        told = self.refused(words, code)
        assert before == dump(self.storage)
        return told

    def listed(self, words):
        """
        Return the items of a list that ends with its first page.
        """
        page = self.json(words)
        assert {"items", "next"} == set(page)
        assert "" == page["next"]
        return page["items"]

    def pages(self, words):
        """
        Return the items of a list, page by page, each asked for with --after.
        """
        found, asked = [], words
        while True:
            page = self.json(asked)
            found.append(page["items"])
            if not page["next"]:
                return found
            assert self.ok(asked).endswith(f"\nmore with --after {page['next']}\n")
            asked = f"{words} --after {page['next']}"

    def orders(self, words=""):
        """
        Return number -> state of the orders of a list.
        """
        found = self.listed(f"orders list {words}")
        return {order["number"]: order["state"] for order in found}

    def set_up(self):
        """
        Have a seller with money, a catalogue, freight, a warehouse and a shop.

        The commands run once in this process; after that their rows are copied.
        """
        names = {"path": "shop.csv", "fulfilments_path": "fulfilments.csv"}
        paths = {name: str(self.folder / file) for name, file in names.items()}
        self.write("products.csv", PRODUCTS)
        self.write("shop.csv", ORDERS)
        self.write("shop.json", json.dumps({**STORE, **paths}))
        self.write("card.json", json.dumps(CARD))
        if self.storage is None:
            self._add_all()
        elif not SET_UP:
            self._add_all()
            SET_UP.append((str(self.folder), dump(self.storage)))
        else:
            ((folder, rows),) = SET_UP
            fill(self.storage, moved(rows, folder, str(self.folder)))
        return self

    def _add_all(self):
        self.ok("sellers add lamps --currency GBP")
        self.ok("wallet top-up 500 --reference T-1")
        self.ok("catalog add products.csv")
        self.ok("freight connect card --config card.json")
        self.ok("warehouses add CN1 --country CN --handling '0.05 GBP'")
        self.ok("stores connect shop --config shop.json")
        self.ok("stores sync shop")

    def write(self, name, text):
        """
        Write a file into the folder.
        """
        (self.folder / name).write_text(text, encoding="utf-8")


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    """
    Keep the person's own environment and files out of it.
    """
    monkeypatch.chdir(tmp_path)
    for name in ("DB", "SELLER", "FOLDER", "SECRETS_ENV", "SECRETS_FILES"):
        monkeypatch.delenv(f"SOURCEHERE_{name}", raising=False)


@pytest.fixture
def plugins():
    """
    Return what is used beside what is built in.
    """
    return []


@pytest.fixture
def shell(tmp_path, capsys, plugins):
    """
    The command on a database that lives as long as the test.
    """
    storage = sourcehere.open("memory://", load_entry_points=False)._app.storage

    def opener(url, *, upgrade):
        return sourcehere.open(
            url,
            storage=storage,
            plugins=plugins,
            load_entry_points=False,
            upgrade=upgrade,
            folder=tmp_path,
        )

    return Shell(tmp_path, capsys, lambda words: run(words, opener=opener), storage)


@pytest.fixture
def on_disk(tmp_path, capsys):
    """
    The command as it is installed, on a SQLite file.
    """
    url = "sqlite:///shop.db"
    return Shell(tmp_path, capsys, lambda words: main(["--db", url, *words]))


@pytest.fixture
def shop(shell):
    """
    A shop with three unrecognized orders, and all it needs.
    """
    return shell.set_up()


@pytest.fixture
def paid(shop):
    """
    The shop with order 1002 paid: three white lamps for 8.60 GBP.
    """
    shop.ok("connections add shop LAMP-W=LAMP-W")
    shop.ok("relay run")
    shop.ok("orders pay 1002 --yes")
    return shop
