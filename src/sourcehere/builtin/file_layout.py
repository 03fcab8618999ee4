"""
Where the columns of a shop's file stand, and by which profile they are understood.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import cast

from ..domain.kernel.values import frozen
from .file_columns import COLUMNS_NEEDED, IDENTITY_COLUMNS
from .file_config import FileStoreConfig
from .file_errors import FileStoreError, HeaderError, SeveralLinesError
from .file_profile import (
    COLUMNS,
    JOINED,
    PLAIN,
    STATUSES,
    Profile,
    header_key,
    profiles,
    recognised,
)

_ADVICE = (
    "`sourcehere stores profiles` lists the exports that are known; of another file"
    ' the configuration names the columns, as in {"columns": {"sku": "Item no."}}'
)
_NUMBER = re.compile(r"[\s#_.-]*[0-9]+$")
_SHOWN = 40
_SEVERAL = 2  # columns of which a getter returns a tuple


@frozen(kw_only=True)
class Layout:
    """
    How one file is read.

    Attributes:
        width: How many cells a record must have.

        positions: Our name -> where its columns stand.

        words: Our name of a status -> word, in lower case -> what it means.

        countries: Word, in lower case -> ISO 3166-1 alpha-2, beside those that all
            know.

        summary: Where the columns stand without which a row is about its whole order.
    """

    profile: Profile
    width: int
    positions: Mapping[str, tuple[int, ...]]
    words: Mapping[str, Mapping[str, str]]
    countries: Mapping[str, str]
    summary: tuple[int, ...] = ()

    def has(self, name: str) -> bool:
        """
        Tell whether the file has a column of that name of ours.
        """
        return name in self.positions

    def cell(self, cells: Sequence[str], name: str) -> str:
        """
        Return what a record says in a column, verbatim; of several the first that says
        something, or all of them together. Empty where the file or the row has none.
        """
        places = self.positions.get(name, ())
        if len(places) == 1:  # mostly so
            (place,) = places
            return cells[place] if place < len(cells) else ""
        found = [cells[place] for place in places if place < len(cells)]
        said = [text for text in found if text.strip()]
        if name in JOINED:
            return " ".join(text.strip() for text in said)
        return said[0] if said else ""

    def reading(self, names: Sequence[str]) -> Callable[[list[str]], Sequence[str]]:
        """
        Return what reads those columns of a record at once, each as `cell` does.
        """
        places = [self.positions[name] for name in names if self.has(name)]
        if len(places) < _SEVERAL or len(places) < len(names):
            return lambda cells: [self.cell(cells, name) for name in names]
        mixed = [(i, n) for i, n in enumerate(names) if len(self.positions[n]) > 1]
        pick = itemgetter(*(first for first, *_ in places))

        def read(cells: list[str]) -> Sequence[str]:
            if len(cells) != self.width:
                return [self.cell(cells, name) for name in names]
            if not mixed:
                return cast(Sequence[str], pick(cells))
            found = list(pick(cells))
            for i, name in mixed:
                found[i] = self.cell(cells, name)
            return found

        return read

    def is_summary(self, cells: Sequence[str]) -> bool:
        """
        Tell whether a record is about its order and none of its lines.
        """
        for place in self.summary:
            if place < len(cells) and cells[place].strip():
                return False
        return bool(self.summary)

    def shape_problem(self, cells: Sequence[str]) -> str:
        """
        Say what is wrong with the number of a record's cells; empty where nothing is.
        """
        if len(cells) == self.width:
            return ""
        return f"{len(cells)} cells, the header has {self.width}"


class Layouts:
    """
    Finds the layout of files, by a configuration.
    """

    def __init__(self, config: FileStoreConfig) -> None:
        self._config = config
        self._named = next((p for p in profiles() if p.name == config.profile), None)

    def fits(self, header: Sequence[str]) -> int:
        """
        Return how many columns a header has that mean something; none where it is no
        header.
        """
        profile = self._profile(header)
        if profile is None:
            return 0
        return 1 + sum(len(p) for p in _positions(profile, header, self._own).values())

    def is_quoted(self, header: Sequence[str]) -> bool:
        """
        Tell whether cells below a header may be quoted.
        """
        profile = self._profile(header)
        return profile is None or profile.is_quoted

    def of(self, header: Sequence[str]) -> Layout:
        """
        Return the layout of a file with that header, which fits.

        Raises:
            FileStoreError: If it is an export that cannot be used, or lacks a column
                that is configured.
        """
        profile = self._profile(header)
        if profile is None:
            raise self.missing(header)
        if profile.refused:
            problem = f"this is a {profile.title}: {profile.refused}"
            raise FileStoreError(path=self._config.path, problem=problem)
        self._require_configured(header)
        if profile.name == PLAIN:
            self._require_once(header, profile)
        keys, positions = _keys(header), _positions(profile, header, self._own)
        self._require_one_line(header, positions)
        return Layout(
            profile=profile,
            width=len(header),
            positions=positions,
            words={
                name: {
                    **profile.words.get(name, {}),
                    **self._config.words.get(name, {}),
                }
                for name in STATUSES
            },
            countries={**profile.countries, **self._config.aliases},
            summary=tuple(
                keys[k] for n in profile.summary if (k := header_key(n)) in keys
            ),
        )

    def missing(self, header: Sequence[str]) -> FileStoreError:
        """
        Return the error for a header that is none of ours.
        """
        keys = _keys(header)
        if self._named is not None:
            wanted = self._named.needs
            lacking = tuple(name for name in wanted if header_key(name) not in keys)
            return HeaderError(path=self._config.path, missing=lacking)
        own = self._plain().columns
        titles = [own[name][0] for name in COLUMNS_NEEDED]
        if not any(_has(keys, own, name) for name in IDENTITY_COLUMNS):
            titles.append(" or ".join(own[n][0] for n in IDENTITY_COLUMNS if n in own))
        titles += [title for title in self._configured if title not in titles]
        lacking = tuple(title for title in titles if header_key(title) not in keys)
        return HeaderError(path=self._config.path, missing=lacking, advice=_ADVICE)

    @property
    def _own(self) -> Mapping[str, str]:
        return self._config.columns

    @property
    def _configured(self) -> tuple[str, ...]:
        return tuple(title for title in self._own.values() if title)

    def _require_configured(self, header: Sequence[str]) -> None:
        titles = [header_key(title) for title in header]
        wanted = [
            (title, header_key(title.rpartition("#")[0])) for title in self._configured
        ]
        missing = tuple(
            title
            for title, base in wanted
            if header_key(title) not in titles and base not in titles
        )
        repeated = tuple(t for t in self._configured if titles.count(header_key(t)) > 1)
        if missing or repeated:
            raise HeaderError(
                path=self._config.path, missing=missing, repeated=repeated
            )

    def _require_once(self, header: Sequence[str], profile: Profile) -> None:
        """
        Refuse a plain file with two columns of one name that is read: nobody can tell
        which is meant.
        """
        titles = [header_key(title) for title in header]
        read = [title for titles_of in profile.columns.values() for title in titles_of]
        repeated = tuple(t for t in read if titles.count(header_key(t)) > 1)
        if repeated:
            raise HeaderError(path=self._config.path, missing=(), repeated=repeated)

    def _require_one_line(
        self, header: Sequence[str], positions: Mapping[str, tuple[int, ...]]
    ) -> None:
        """
        Refuse a file that has the quantities of a row's further lines in columns of
        their own, called alike but for a number: only one of them is read.
        """
        used = {place for places in positions.values() for place in places}
        for read in positions.get("quantity", ()):
            others = tuple(
                title
                for place, title in enumerate(header)
                if place not in used and _is_numbered_like(header[read], title)
            )
            if others:
                raise SeveralLinesError(
                    path=self._config.path, column=header[read], others=others
                )

    def _profile(self, header: Sequence[str]) -> Profile | None:
        if self._named is not None:
            keys = _keys(header)
            has_all = all(header_key(name) in keys for name in self._named.needs)
            return self._named if has_all else None
        found = None if self._config.profile == PLAIN else recognised(header)
        if found is not None:
            return found
        keys, plain = _keys(header), self._plain()
        if all(_has(keys, plain.columns, name) for name in COLUMNS_NEEDED) and any(
            _has(keys, plain.columns, name) for name in IDENTITY_COLUMNS
        ):
            return plain
        return None

    def _plain(self) -> Profile:
        """
        Return how a file is read whose columns are called as the configuration says.
        """
        columns = {
            name: (title,) for name in COLUMNS if (title := self._own.get(name, name))
        }
        return Profile(
            name=PLAIN,
            title="file with columns of its own",
            needs=(),
            columns=columns,
            words={name: {m: m for m in means} for name, means in STATUSES.items()},
            countries={},
        )


def unknown_word(what: str, text: str) -> str:
    """
    Say that nobody knows what the shop means by a word, and what to do.
    """
    return f"nobody knows {what} {text[:_SHOWN]!r}; configure it in `statuses`"


def _is_numbered_like(one: str, other: str) -> bool:
    """
    Tell whether two headers are the same but for a number behind them.
    """
    one, other = header_key(one), header_key(other)
    return one != other and _NUMBER.sub("", one) == _NUMBER.sub("", other)


def _has(
    keys: Mapping[str, int], columns: Mapping[str, tuple[str, ...]], name: str
) -> bool:
    return any(header_key(title) in keys for title in columns.get(name, ()))


def _keys(header: Sequence[str]) -> dict[str, int]:
    """
    Return where each header stands first, and as `header#2` where it stands again.
    """
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    for place, title in enumerate(header):
        key = header_key(title)
        counts[key] = counts.get(key, 0) + 1
        found.setdefault(key, place)
        found[f"{key}#{counts[key]}"] = place
    return found


def _positions(
    profile: Profile, header: Sequence[str], own: Mapping[str, str]
) -> dict[str, tuple[int, ...]]:
    keys = _keys(header)
    columns = {
        **profile.columns,
        **{name: (title,) for name, title in own.items() if title},
    }
    found = {
        name: tuple(keys[key] for title in titles if (key := header_key(title)) in keys)
        for name, titles in columns.items()
        if own.get(name, " ")  # an empty name says that there is no such column
    }
    return {name: places for name, places in found.items() if places}
