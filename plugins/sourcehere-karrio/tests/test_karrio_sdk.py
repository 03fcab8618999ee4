"""
What importing karrio does to the process, and what is left of it.
"""

import subprocess
import sys

import pytest

FENCED = """
import ssl, sys, warnings
import loguru, PIL.ImageFile
seen = []
loguru.logger.remove()
mine = loguru.logger.add(lambda message: seen.append(str(message)), level=0)
before = ssl._create_default_https_context
from sourcehere_karrio.sdk import load
sdk = load()
assert ssl._create_default_https_context is before
assert not PIL.ImageFile.LOAD_TRUNCATED_IMAGES
loguru.logger.info("still mine")
assert [text for text in seen if "still mine" in text]
from karrio.core.utils.logger import logger
from karrio.core.utils.serializable import Serializable
Serializable("Ann Ames").serialize()
assert len(seen) == 1, seen
assert load().gateways is sdk.gateways
loguru.logger.remove(mine)
assert "easypost" in sdk.gateways.providers
"""
STRANGER = """
import os, pathlib, sys
place = pathlib.Path("plugins/stranger/karrio/plugins/stranger")
place.mkdir(parents=True)
(place / "__init__.py").write_text("import os; os._exit(7)")
sys.path.insert(0, "")
from sourcehere_karrio.sdk import load
load()
"""


@pytest.mark.slow
@pytest.mark.parametrize("script", [FENCED, STRANGER], ids=["fenced", "stranger"])
def test_its_import_changes_nothing_for_others(script, tmp_path):
    """
    Certificates are checked as before, loguru's handlers are whose they were and hear
    nothing of karrio, and what lies in the folder is not run.
    """
    done = subprocess.run(
        [sys.executable, "-c", script],
        check=False,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (0, "", "") == (done.returncode, done.stdout, done.stderr)


def test_who_lists_plugins_does_not_wait_for_the_sdk():
    """
    It is imported once a carrier is asked.
    """
    words = (
        "import sys, sourcehere_karrio;"
        "sys.exit(bool({'karrio', 'loguru', 'PIL'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", words], check=False).returncode == 0
