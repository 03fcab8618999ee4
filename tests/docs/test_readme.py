"""
The README's example runs as it stands.
"""

import re
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"


def python_example() -> str:
    (code,) = re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    return code


class TestReadme:
    def test_the_example_runs_and_ships_the_order(self, capsys):
        """
        The Python example, run as it stands, ends with a shipped order and its price.
        """
        exec(compile(python_example(), "README.md", "exec"), {})

        assert "shipped 14.70 GBP\n" == capsys.readouterr().out

    def test_the_example_stays_short(self):
        """
        The example is at most 25 lines: a reader sees all of it at once.
        """
        lines = [line for line in python_example().splitlines() if line.strip()]

        assert 25 >= len(lines)

    def test_each_command_is_one_line(self):
        """
        The two commands are one line each, so that they can be copied alone.
        """
        blocks = re.findall(r"```bash\n(.*?)```", README.read_text("utf-8"), re.DOTALL)

        assert [1, 1] == [len(block.strip().splitlines()) for block in blocks]
