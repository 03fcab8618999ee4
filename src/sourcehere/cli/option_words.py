"""
Words of options from a JSON file.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from ..domain.pairing.dictionary import NO_WORDS, OptionWords
from .errors import UsageError
from .reading import read_object

_FORM = '{"values": {KIND: {VALUE: [WORD]}}, "names": {KIND: [NAME]}}'


def read_words(file: Path | None) -> OptionWords:
    """
    Read words that options have at one platform or seller.

    Raises:
        UsageError: If the file is not written as it must be.
    """
    if file is None:
        return NO_WORDS
    told = read_object(file)
    if told.keys() - {"values", "names"}:
        _refuse(file)
    values = {
        kind: {value: _texts(file, words) for value, words in _named(file, one).items()}
        for kind, one in _named(file, told.get("values", {})).items()
    }
    names = {
        kind: _texts(file, words)
        for kind, words in _named(file, told.get("names", {})).items()
    }
    return OptionWords(values=values, names=names)


def _named(file: Path, value: object) -> Mapping[str, object]:
    if isinstance(value, dict):
        return value
    return _refuse(file)


def _texts(file: Path, value: object) -> list[str]:
    if isinstance(value, list) and all(isinstance(text, str) for text in value):
        return value
    return _refuse(file)


def _refuse(file: Path) -> NoReturn:
    message = f"{file} must be {_FORM}"
    raise UsageError(message)
