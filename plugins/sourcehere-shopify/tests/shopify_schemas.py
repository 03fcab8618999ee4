"""
Shopify's own schemas, as a package of npm publishes them: five released versions.
"""

import gzip
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from functools import cache
from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_client_schema

PACKAGE = "@shopify/dev-mcp@1.16.0"
VERSIONS = ("2025-10", "2026-01", "2026-04", "2026-07", "2026-10")
_HOME = Path(tempfile.gettempdir()) / f"sourcehere-shopify-schemas-{os.getuid()}"


@cache
def schema(version: str) -> GraphQLSchema:
    """
    Return the Admin API of a version.
    """
    with gzip.open(_folder() / f"admin_{version}.json.gz") as file:
        told = json.load(file)
    return build_client_schema(told.get("data", told), assume_valid=True)


def _folder() -> Path:
    """
    Return where the schemas are; they are fetched once.
    """
    home = _HOME / PACKAGE.rpartition("@")[2]
    if not home.exists():
        _fetch(home)
    return home


def _fetch(home: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        if "CI" in os.environ:
            pytest.fail("Shopify's schemas come from npm, which is not installed")
        pytest.skip("Shopify's schemas come from npm: install Node.js to run these")
    home.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=home.parent) as work:
        asked = [npm, "pack", "--silent", PACKAGE]
        done = subprocess.run(
            asked, cwd=work, capture_output=True, text=True, check=True
        )
        made = Path(work) / "schemas"
        made.mkdir()
        with tarfile.open(Path(work) / done.stdout.split()[-1]) as archive:
            for version in VERSIONS:
                name = f"admin_{version}.json.gz"
                file = archive.extractfile(f"package/dist/data/{name}")
                assert file is not None
                (made / name).write_bytes(file.read())
        try:
            made.rename(home)
        except OSError:  # another process was quicker
            assert home.exists()
