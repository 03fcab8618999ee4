"""
Whether a listing and a platform variant say the same of their options, or contradict.
"""

from collections.abc import Iterable, Mapping, Sequence

from ..kernel.ids import ProductId, VariantId
from ..kernel.values import frozen
from .dictionary import NAMING, OptionDictionary, Reading


@frozen(kw_only=True)
class Candidate:
    """
    A platform variant that could be suggested.

    Attributes:
        product_title: What names it; the variant's own title is read where it has no
            options, for then that may say them.
    """

    variant_id: VariantId
    product_id: ProductId
    sku: str
    sku_key: str
    barcode: str
    title: str
    product_title: str
    options: Mapping[str, str]


@frozen(eq=False)
class Choice:
    """
    A candidate and what its options are: kind -> values.
    """

    candidate: Candidate
    values: Mapping[str, frozenset[str]]


@frozen(eq=False)
class Product:
    """
    A product as it is matched.

    Attributes:
        choices: Its variants, by SKU.

        kinds: Kind -> each of the values that its variants have.

        differing: Kinds in which its variants differ.
    """

    product_id: ProductId
    words: frozenset[str]
    text: str
    choices: tuple[Choice, ...]
    kinds: Mapping[str, frozenset[frozenset[str]]]
    differing: frozenset[str]


@frozen(eq=False)
class Agreement:
    """
    Variants of a product that nothing contradicts.

    Attributes:
        agreed: Kind -> the values both have.

        unsaid: Kinds in which these variants differ and the listing says nothing.
    """

    choice: Choice
    agreed: Mapping[str, frozenset[str]]
    unsaid: frozenset[str]


def values_said(
    title: Reading, kinds: frozenset[str] | None
) -> dict[str, frozenset[str]]:
    """
    Return what a title says of *kinds*; of all but what names a product if None.
    """
    return {
        kind: title.stated(kind)
        for kind in {**title.within, **title.apart}
        if (kind not in NAMING if kinds is None else kind in kinds)
    }


def product_of(words: Iterable[str], choices: Sequence[Choice]) -> Product:
    """
    Put a product's variants together, to be compared kind by kind.
    """
    nothing: frozenset[str] = frozenset()
    every = sorted({kind for choice in choices for kind in choice.values})
    kinds = {
        kind: frozenset(choice.values.get(kind, nothing) for choice in choices)
        for kind in every
    }
    differing = frozenset(kind for kind, values in kinds.items() if len(values) > 1)
    return Product(
        choices[0].candidate.product_id,
        frozenset(words),
        " ".join(words),
        tuple(choices),
        kinds,
        differing,
    )


def agreements(
    reading: Reading, product: Product, dictionary: OptionDictionary
) -> Iterable[Agreement]:
    """
    Return the variants of *product* that the listing does not contradict.
    """
    nothing: frozenset[str] = frozenset()
    said: dict[str, frozenset[frozenset[str]]] = {}
    for kind, every in product.kinds.items():
        meant = _meant(reading, kind, every, dictionary)
        if meant is not None:
            said[kind] = meant
    open_kinds = {
        kind: frozenset(
            v for v in product.kinds[kind] if _is_unknown(dictionary, kind, v)
        )
        for kind, meant in said.items()
        if not meant and _is_unknown(dictionary, kind, reading.stated(kind))
    }
    said |= open_kinds
    unsaid = product.differing - (said.keys() - open_kinds.keys())
    for choice in product.choices:
        values = choice.values
        if all(values.get(kind, nothing) in fitting for kind, fitting in said.items()):
            agreed = {k: values[k] for k in said if k in values and k not in open_kinds}
            yield Agreement(choice, agreed, unsaid)


def _is_unknown(
    dictionary: OptionDictionary, kind: str, values: frozenset[str]
) -> bool:
    """
    Tell whether the dictionary knows none of *values*: then other words for them may
    mean the same.
    """
    return bool(values) and not any(dictionary.knows(kind, v) for v in values)


def _meant(
    reading: Reading,
    kind: str,
    values: frozenset[frozenset[str]],
    dictionary: OptionDictionary,
) -> frozenset[frozenset[str]] | None:
    """
    Return which of a product's *values* the listing means; None where it says nothing.

    Standing alone, a value is meant exactly. Within a sentence a value that is there is
    meant, and of values that contain each other the longer: `ocean blue` before `blue`.
    """
    apart = reading.apart.get(kind)
    if apart is not None:
        return frozenset({apart}) & values
    there = {v for v in values if v and _is_there(reading, kind, v, dictionary)}
    if there:
        return frozenset(v for v in there if not any(_is_longer(o, v) for o in there))
    return frozenset() if kind in reading.within else None


def _is_there(
    reading: Reading, kind: str, value: frozenset[str], dictionary: OptionDictionary
) -> bool:
    """
    Tell whether a sentence has all of *value*: as read, or word by word where the
    dictionary does not know it.
    """
    within = reading.within.get(kind, frozenset())
    return all(
        one in within
        or (f" {one} " in reading.everything and not dictionary.knows(kind, one))
        for one in value
    )


def _is_longer(one: frozenset[str], other: frozenset[str]) -> bool:
    ours, theirs = " ".join(sorted(one)), " ".join(sorted(other))
    return one != other and (other < one or f" {theirs} " in f" {ours} ")
