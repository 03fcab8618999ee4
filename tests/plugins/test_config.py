"""
What a configuration may say, and how it is told what is wrong with it.
"""

import decimal
import enum
from datetime import date, timedelta
from typing import Literal

import attrs
import pytest

from sourcehere.domain.freight.rates import RateCard
from sourcehere.domain.kernel.errors import CallerError, InvalidInputError
from sourcehere.plugins.allowed_secrets import NO_SECRETS, Secrets
from sourcehere.plugins.config import look_up
from sourcehere.plugins.config import structure as structure_resolved
from sourcehere.plugins.fields import FieldInfo, describe
from sourcehere.ports.errors import ConfigError, ConfigProblem

ALL = Secrets(env=["*"])
SECRET = "s3cret'\\täx"


class Mode(enum.Enum):
    """
    A closed list of words.
    """

    LIVE = "live"
    TEST = "test"


@attrs.frozen
class Account:
    """
    A nested configuration.
    """

    user: str
    password: str = attrs.field(repr=False, metadata={"secret": True})
    pin: int = attrs.field(default=0, repr=False, metadata={"secret": True})
    is_old: bool = attrs.field(default=False, repr=False, metadata={"secret": True})


@attrs.frozen(kw_only=True)
class AcmeConfig:
    """
    One field of each sort.
    """

    shop: str
    token: str = attrs.field(repr=False, metadata={"secret": True})
    timeout_seconds: int = 30
    factor: float = 1.0
    is_live: bool = False
    tags: tuple[str, ...] = ()
    accounts: tuple[Account, ...] = ()
    aliases: dict[str, int] = attrs.field(factory=dict)
    limit: int | None = None
    mode: Mode = Mode.TEST
    size: Literal["small", "large"] = "small"

    def __attrs_post_init__(self) -> None:
        if self.shop == "closed":
            raise InvalidInputError(field="shop", value=self.shop, expected="open")
        if self.shop == "leaky":
            raise InvalidInputError(field="token", value=self.token, expected="right")
        if self.shop == "foreign":
            msg = f"cannot use {self.token!r}"
            raise ValueError(msg)


def structure(cls, config, *, provider, secrets=NO_SECRETS):
    """
    Look up the references in *config*, and make a *cls* of it.
    """
    resolved = look_up(cls, config, provider=provider, secrets=secrets)
    return structure_resolved(cls, resolved, provider=provider)


def acme(secrets: Secrets = NO_SECRETS, **given: object) -> AcmeConfig:
    """
    Read a configuration that is right but for *given*.
    """
    return structure(
        AcmeConfig,
        {"shop": "a", "token": SECRET, **given},
        provider="acme",
        secrets=secrets,
    )


def problems_of(secrets: Secrets = NO_SECRETS, **given: object) -> dict[str, str]:
    """
    Read a wrong configuration; gives what is wrong by field.
    """
    with pytest.raises(ConfigError) as ei:
        acme(secrets, **given)
    problems = {problem.field: problem.words for problem in ei.value.problems}
    assert len(problems) == len(ei.value.problems)
    return problems


class TestStructure:
    """
    A plain mapping becomes the configuration class, or is refused.
    """

    def test_all_sorts_of_fields(self):
        """
        Texts, numbers, lists, mappings and nested classes come out as declared.
        """
        made = acme(
            timeout_seconds=5,
            factor=2,
            is_live=True,
            tags=["x", "y"],
            accounts=[{"user": "u", "password": "p"}],
            aliases={"a": 1},
            limit=None,
            mode="live",
            size="large",
        )

        assert made == AcmeConfig(
            shop="a",
            token=SECRET,
            timeout_seconds=5,
            factor=2.0,
            is_live=True,
            tags=("x", "y"),
            accounts=(Account("u", "p"),),
            aliases={"a": 1},
            limit=None,
            mode=Mode.LIVE,
            size="large",
        )

    def test_every_problem_is_listed_with_its_path(self):
        """
        One error tells everything that is wrong, nested fields too.
        """
        problems = problems_of(
            shop=7,
            timeout_seconds=1.5,
            is_live="yes",
            tags="abc",
            accounts=[{"user": "u", "password": "p"}, {"user": None, "colour": "red"}],
            aliases={"a": "one"},
            limit="9",
            mode="other",
            size="huge",
            tokn="x",
        )

        assert {
            "shop": "is not a text",
            "timeout_seconds": "is not a whole number",
            "is_live": "is not true or false",
            "tags": "is not a list of a text",
            "accounts[1].user": "is not a text",
            "accounts[1].password": "is required",
            "accounts[1].colour": "is unknown; there is: user, password, pin, is_old",
            "aliases.a": "is not a whole number",
            "limit": "is not a whole number or null",
            "mode": "is not one of live, test",
            "size": "is not one of small, large",
            "tokn": "is unknown; there is: shop, token, timeout_seconds, factor,"
            " is_live, tags, accounts, aliases, limit, mode, size",
        } == problems

    @pytest.mark.parametrize("value", [True, "5", 5.0, None, [5]])
    def test_nothing_is_taken_for_a_whole_number(self, value):
        """
        Only a whole number is a whole number.
        """
        assert {"timeout_seconds": "is not a whole number"} == problems_of(
            timeout_seconds=value
        )

    @pytest.mark.parametrize("value", ["text", ["list"], 5])
    def test_a_nested_class_needs_a_mapping(self, value):
        """
        What is no mapping is one problem, not one per missing field.
        """
        assert {"accounts[0]": "is not a mapping (Account)"} == problems_of(
            accounts=[value]
        )

    def test_missing(self):
        """
        Fields without a default are required.
        """
        with pytest.raises(ConfigError) as ei:
            structure(AcmeConfig, {}, provider="acme")

        assert (
            ConfigProblem("shop", "is required"),
            ConfigProblem("token", "is required"),
        ) == ei.value.problems
        assert "acme" == ei.value.provider
        assert isinstance(ei.value, CallerError)
        assert "configuration of acme: shop: is required; token: is required" == str(
            ei.value
        )

    def test_what_the_class_itself_refuses(self):
        """
        An error of the class's own check is a problem of the field it names.
        """
        assert {"shop": "'closed' is not open"} == problems_of(shop="closed")

    def test_no_plain_value(self):
        """
        What could not be kept as JSON is refused.
        """
        assert {"tags[0]": "a object is no plain value"} == problems_of(tags=[object()])
        assert {"aliases": "the key 5 is no text"} == problems_of(aliases={5: 5})

    def test_a_rate_card(self):
        """
        A rate card is written down as a mapping; its own checks give full paths.
        """
        step = {"up_to_grams": None, "first_grams": 500, "first_price": 450}
        method = {
            "code": "air",
            "name": "Air",
            "zones": [{"countries": ["*"], "breaks": [step]}],
            "days_min": 5,
            "days_max": 9,
        }
        card = {"currency": "USD", "methods": [method]}

        made = structure(RateCard, card, provider="rate_card")
        step["first_grams"] = 0
        with pytest.raises(ConfigError) as ei:
            structure(RateCard, card, provider="rate_card")

        assert 450 == made.methods[0].zones[0].breaks[0].first_price
        path = "methods[0].zones[0].breaks[0].first_grams"
        assert (ConfigProblem(path, "0 is not positive"),) == ei.value.problems

    def test_an_unsupported_class(self):
        """
        A class that no mapping can fill is told as such, not a crash.
        """

        @attrs.frozen
        class Odd:
            field: "NoSuchName"  # noqa: F821 - the point

        with pytest.raises(ConfigError, match="NoSuchName"):
            structure(Odd, {}, provider="odd")

    @pytest.mark.parametrize(
        ("kind", "name"),
        [
            (date, "date"),
            (decimal.Decimal, "Decimal"),
            (int | str, "int | str"),
            (list[timedelta], "timedelta"),
        ],
    )
    def test_a_type_that_json_has_not(self, kind, name):
        """
        Its author is told what to write instead, by the name of the class.
        """
        config = attrs.make_class("AcmeConfig", {"since": attrs.field(type=kind)})

        with pytest.raises(ConfigError) as ei:
            structure(config, {"since": "2026-01-05"}, provider="acme")

        (problem,) = ei.value.problems
        words = f"AcmeConfig asks for {name}, which cannot be written in JSON: "
        assert problem.words.startswith(words)


class TestReferences:
    """
    `{"$env": …}` and `{"$file": …}` stand for what they name.
    """

    def test_looked_up_at_any_depth(self, monkeypatch, tmp_path):
        """
        References are replaced in secret fields, nested ones too; a last line end is
        dropped.
        """
        monkeypatch.setenv("ACME_TOKEN", "from-env")
        (tmp_path / "password").write_text(" from file \r\n")
        account = {"user": "u", "password": {"$file": str(tmp_path / "password")}}
        secrets = Secrets(env=["ACME_*"], files=tmp_path)

        made = acme(secrets, token={"$env": "ACME_TOKEN"}, accounts=[account])

        assert "from-env" == made.token
        assert type(made.token) is str
        assert " from file " == made.accounts[0].password

    def test_a_text_from_outside_may_be_a_number(self, monkeypatch):
        """
        The environment knows only texts, so numbers and truths are read from them.
        """
        monkeypatch.setenv("NUMBER", "8")
        monkeypatch.setenv("TRUTH", "True")
        number, truth = {"$env": "NUMBER"}, {"$env": "TRUTH"}
        known = {"user": "u", "password": "p"}

        made = acme(ALL, accounts=[{**known, "pin": number, "is_old": truth}])

        assert (8, True) == (made.accounts[0].pin, made.accounts[0].is_old)
        assert {
            "accounts[0].pin": "is not a whole number",
            "accounts[0].is_old": "is not true or false",
        } == problems_of(
            ALL, accounts=[{**known, "pin": truth, "is_old": {"$env": "PATH"}}]
        )

    def test_missing_ones(self, monkeypatch, tmp_path):
        """
        What is not there is a problem of its field, and the others are told too.
        """
        monkeypatch.delenv("ACME_TOKEN", raising=False)
        (tmp_path / "latin").write_bytes(b"\xff")
        (tmp_path / "large").write_bytes(b"x" * 70_000)

        def account(reference):
            return {"user": "u", "password": reference}

        assert {
            "token": "the environment variable ACME_TOKEN is not set",
            "accounts[0].password": "the file none cannot be read: No such file or"
            " directory",
            "accounts[1].password": "the file latin is no UTF-8 text",
            "accounts[2].password": "$env does not name anything",
            "accounts[3].password": "is a reference and more; a reference is one of"
            " $env and $file, alone",
            "accounts[4].password": "the file large cannot be read: is larger than"
            " 65536 bytes",
            "limit": "is not a whole number or null",
        } == problems_of(
            Secrets(env=["*"], files=tmp_path),
            token={"$env": "ACME_TOKEN"},
            accounts=[
                account({"$file": "none"}),
                account({"$file": "latin"}),
                account({"$env": ""}),
                account({"$env": "A", "b": 5}),
                account({"$file": "large"}),
            ],
            limit="x",
        )


class TestSecrets:
    """
    A secret is never shown.
    """

    @pytest.mark.parametrize("empty", ["", "  ", "\n"])
    def test_an_empty_one_is_refused(self, monkeypatch, empty):
        """
        An empty secret is refused, also a nested one and one from outside.
        """
        monkeypatch.setenv("EMPTY", empty)

        assert {
            "token": "must not be empty",
            "accounts[0].password": "must not be empty",
        } == problems_of(
            ALL, token=empty, accounts=[{"user": "u", "password": {"$env": "EMPTY"}}]
        )

    @pytest.mark.parametrize("shop", ["leaky", "foreign"])
    def test_blanked_in_what_the_class_says(self, shop):
        """
        A check that repeats a secret does not give it away, nor does the traceback.
        """
        with pytest.raises(ConfigError) as ei:
            acme(shop=shop)

        assert "***" in str(ei.value)
        assert "s3cret" not in str(ei.value)
        assert "s3cret" not in repr(ei.value)
        assert ei.value.__cause__ is None
        assert ei.value.__context__ is None

    def test_blanked_in_a_field_of_the_wrong_type(self):
        """
        A value that does not fit is not repeated.
        """
        assert {"token": "is not a text"} == problems_of(token=[SECRET])


class TestDescribe:
    """
    A class can be described for people.
    """

    def test_fields(self):
        """
        Each field has its path, type, need and default; a secret's default is hidden.
        """
        fields = {field.name: field for field in describe(AcmeConfig)}

        assert (
            FieldInfo("token", "a text", required=True, default="", secret=True)
            == fields["token"]
        )
        assert (
            FieldInfo(
                "tags", "a list of a text", required=False, default="[]", secret=False
            )
            == fields["tags"]
        )
        assert "30" == fields["timeout_seconds"].default
        assert "{}" == fields["aliases"].default
        assert "a mapping to a whole number" == fields["aliases"].type
        assert "a whole number or null" == fields["limit"].type
        assert '"test"' == fields["mode"].default
        assert "one of small, large" == fields["size"].type
        assert fields["accounts[].password"].secret

    def test_nested_deeply(self):
        """
        A rate card's fields are found down to the weight breaks.
        """
        names = {field.name for field in describe(RateCard)}

        assert "methods[].zones[].breaks[].first_price" in names
        assert "methods[].remote_areas[].postal_ranges[].first" in names
