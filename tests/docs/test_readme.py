"""
The README's example runs as it stands.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"


def block(kind: str) -> str:
    """
    Return the README's one block of *kind*.
    """
    (text,) = re.findall(rf"```{kind}\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    return text


class TestReadme:
    def test_the_example_says_what_the_page_says(self, capsys, tmp_path, monkeypatch):
        """
        The Python example, run as it stands, pays, ships, and tells the shop.
        """
        monkeypatch.chdir(tmp_path)
        Path("orders.csv").write_text(block("csv"), encoding="utf-8")
        Path("card.json").write_text(block("json"), encoding="utf-8")

        exec(compile(block("python"), "README.md", "exec"), {})

        said, shown = capsys.readouterr().out, block("text")
        day = r"\d{4}-\d\d-\d\d"  # two weeks from today
        assert re.sub(day, "DAY", shown) == re.sub(day, "DAY", said)
        assert "Royal Mail,RM1GB" in Path("sent.csv").read_text("utf-8")

    def test_the_example_stays_short(self):
        """
        The example is under 20 lines: a reader sees all of it at once.
        """
        lines = [line for line in block("python").splitlines() if line.strip()]

        assert 20 > len(lines)
        assert max(len(line) for line in lines) <= 110

    def test_each_command_is_one_line(self):
        """
        The two commands are one line each, so that they can be copied alone.
        """
        blocks = re.findall(r"```bash\n(.*?)```", README.read_text("utf-8"), re.DOTALL)

        assert [1, 1] == [len(block.strip().splitlines()) for block in blocks]


@pytest.mark.parametrize(
    "name",
    [
        "17track",
        "karrio",
        "medusa",
        "procrastinate",
        "shopify",
        "stripe",
        "vendure",
        "woocommerce",
    ],
)
def test_a_plugin_says_how_its_tests_are_run(name):
    """
    By what the README of all installs, since they share what is beside it.
    """
    # Into its own environment, also where another one is active.
    command = (
        r"bin/uv pip install -q --python .venv/bin/python (.*?) && .venv/bin/pytest"
    )
    (installed,) = re.findall(command, README.read_text("utf-8"))
    page = ROOT / "plugins" / f"sourcehere-{name}" / "README.md"
    commands = page.read_text("utf-8").partition("## Tests")[2].split("```")[1]

    assert commands.splitlines()[1:] == [
        f"pip install {installed}",
        f"pytest plugins/sourcehere-{name}",
    ]
