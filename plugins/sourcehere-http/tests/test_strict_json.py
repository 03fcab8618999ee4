"""
JSON that a stranger sent.
"""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcehere.ports.errors import ProtocolError
from sourcehere_http.strict import strict_json

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(PLAIN)
def test_what_is_well_is_what_it_is(value):
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False)):
        assert strict_json(text.encode(), provider="acme") == value


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "no JSON"),
        (b'{"a": NaN}', "no JSON"),
        (b"\xff", "no JSON"),
        (b'{"a": 1, "a": 1}', "'a' twice"),
        (b'{"x": [{"id": 5, "\\u0069d": 6}]}', "'id' twice"),
        (b"[" * 65 + b"]" * 65, "64 deep"),
        (b'{"a":' * 65 + b"1" + b"}" * 65, "64 deep"),
        (b"[" * 10**6, "64 deep"),
    ],
)
def test_what_is_not_is_refused(body, words):
    with pytest.raises(ProtocolError, match=words):
        strict_json(body, provider="acme")


def test_brackets_in_texts_are_no_depth():
    value = {"a": "[" * 100 + '"\\' + "{" * 100}
    assert strict_json(json.dumps(value).encode(), provider="acme") == value
    assert strict_json(b"[" * 64 + b"]" * 64, provider="acme")
