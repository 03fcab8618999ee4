"""
What the README shows, as it stands.
"""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

README = Path(__file__).parents[1] / "README.md"


def living(url):
    """
    Count the workers that have told of themselves.
    """
    with psycopg.connect(url) as connection:
        ask = "SELECT to_regclass('sourcehere.worker') IS NOT NULL"
        (is_there,) = connection.execute(ask).fetchone()
        if not is_there:
            return 0
        ask = "SELECT count(*) FROM sourcehere.worker WHERE stopped_at IS NULL"
        return connection.execute(ask).fetchone()[0]


@pytest.mark.slow
def test_the_example_runs(postgres_url, tmp_path):
    """
    Its module and the two commands beside it: a worker that works until it is stopped.
    """
    page = README.read_text("utf-8")
    example = re.search(r"```python\n(.*?)```", page, re.DOTALL)[1]
    (tmp_path / "jobs.py").write_text(example, encoding="utf-8")
    url = postgres_url.replace("postgresql+psycopg:", "postgresql:", 1)
    schema, worker = (
        [sys.executable, "-m", *line.split()]
        for line in re.findall(r"^procrastinate .*$", page, re.MULTILINE)
    )
    paths = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    env = {**os.environ, "DATABASE_URL": url, "PYTHONPATH": paths}
    subprocess.run(schema, check=True, env=env)
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(worker, env=env, stdout=log, stderr=log)
    until = time.monotonic() + 60
    while not living(url) and process.poll() is None and time.monotonic() < until:
        time.sleep(0.1)

    assert 1 == living(url), (tmp_path / "log").read_text("utf-8")
    process.send_signal(signal.SIGTERM)
    assert 0 == process.wait(timeout=60)
    assert 0 == living(url)
