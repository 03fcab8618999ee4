"""
Suggesting for 10,000 store variants out of 100,000 platform variants, against comparing
every pair of titles.

    python benchmarks/suggestions.py

The catalogue is made up but shaped like a real one: 5,000 products of four words and
more, each in five colours and four sizes, options in English or Chinese. The shop
sells some of them under titles of its own: other words beside, some left out or moved,
options in one of five languages and one of six ways of writing them. What each was made
of is known, so that finding it is counted, not claimed. One in ten is of a product that
the platform does not have, and one colour is in no dictionary.

The floor compares every pair by rapidfuzz `token_set_ratio`, for a sample of store
variants, extrapolated; it finds what it finds by text alone, which is counted too.
"""

import random

from harness import clocked
from rapidfuzz import fuzz, process

from sourcehere.domain.pairing.agreement import Candidate
from sourcehere.domain.pairing.dictionary import OptionDictionary, built_in_dictionary
from sourcehere.domain.pairing.matching import MatchIndex
from sourcehere.domain.pairing.similarity import title_similarity
from sourcehere.domain.pairing.suggestion import StoreVariant

PRODUCTS, COLOURS_EACH, SIZES_EACH = 5_000, 5, 4
STORE_VARIANTS, SAMPLE = 10_000, 40


def listed(words):
    """
    Return the words of a text.
    """
    return words.split()


SYLLABLES = listed(
    "ba ce di fo gu ha ke li mo nu pa re si to va we xi yo zu bra cle dri"
)
KINDS = listed(
    "dress shirt hoodie jacket skirt trousers leggings sweater cardigan vest coat "
    "socks sandals sneakers boots slippers cap beanie scarf gloves belt backpack "
    "wallet towel blanket curtain pillow cushion rug apron robe pyjamas bikini "
    "swimsuit"
)
QUALITIES = listed(
    "casual elegant vintage summer winter loose slim long short knitted printed "
    "striped floral plaid soft warm thick thin waterproof breathable elastic "
    "oversized cropped pleated hooded zipped buttoned sleeveless sport yoga running "
    "hiking travel office"
)
NOISE = listed(
    "new hot sale fashion 2026 trendy women men ladies quality best free shipping gift"
)
# English, Chinese, German, Spanish, French.
COLOURS = (
    ("Black", "黑色", "Schwarz", "Negro", "Noir"),
    ("White", "白色", "Weiß", "Blanco", "Blanc"),
    ("Grey", "灰色", "Grau", "Gris", "Gris"),
    ("Navy Blue", "藏青色", "Marineblau", "Azul Marino", "Bleu Marine"),
    ("Blue", "蓝色", "Blau", "Azul", "Bleu"),
    ("Light Blue", "浅蓝色", "Hellblau", "Azul Claro", "Bleu Clair"),
    ("Red", "红色", "Rot", "Rojo", "Rouge"),
    ("Wine Red", "酒红色", "Weinrot", "Burdeos", "Bordeaux"),
    ("Green", "绿色", "Grün", "Verde", "Vert"),
    ("Army Green", "军绿色", "Olivgrün", "Verde Militar", "Vert Kaki"),
    ("Pink", "粉色", "Rosa", "Rosado", "Rose"),
    ("Purple", "紫色", "Lila", "Morado", "Violet"),
    ("Khaki", "卡其色", "Khaki", "Caqui", "Kaki"),
    ("Coffee", "咖啡色", "Braun", "Marrón", "Marron"),
    # Not in the dictionary: only found where both say it in the same words.
    ("Peacock Blue", "孔雀蓝", "Pfauenblau", "Azul Pavo", "Bleu Paon"),
)
SIZES = (
    ("S", "小号", "Klein", "Pequeño", "Petit"),
    ("M", "中号", "Mittel", "Mediano", "Moyen"),
    ("L", "大号", "Groß", "Grande", "Grand"),
    ("XL", "加大码", "X-Large", "Extra Grande", "Extra Large"),
    ("2XL", "2XL", "XXL", "XXL", "XXL"),
)
NAMES = (
    ("Color", "Size"),
    ("颜色", "尺码"),
    ("Farbe", "Größe"),
    ("Color", "Talla"),
    ("Couleur", "Taille"),
)


def made_up_word(seeded):
    """
    Return a brand or model name.
    """
    return "".join(seeded.choice(SYLLABLES) for _ in range(seeded.choice((2, 3))))


def catalogue(seeded):
    """
    Make the platform's products: words, then colour and size of every variant.
    """
    brands = [made_up_word(seeded) for _ in range(900)]
    products = []
    for number in range(PRODUCTS):
        words = [
            seeded.choice(brands),
            *seeded.sample(QUALITIES, seeded.randint(2, 4)),
            seeded.choice(KINDS),
        ]
        colours = seeded.sample(range(len(COLOURS)), COLOURS_EACH)
        sizes = sorted(seeded.sample(range(len(SIZES)), SIZES_EACH))
        products.append((number, words, colours, sizes))
    return products


def candidates(products, seeded):
    """
    Write the products down as the platform does, in English or Chinese options.
    """
    made = []
    for number, words, colours, sizes in products:
        language = seeded.choice((0, 0, 1))
        names = NAMES[language]
        for colour in colours:
            for size in sizes:
                name = f"{number}-{colour}-{size}"
                made.append(
                    Candidate(
                        variant_id=name,
                        product_id=f"p{number}",
                        sku=f"SH{name}",
                        sku_key=f"sh{name}",
                        barcode="",
                        title="",
                        product_title=" ".join(words).title(),
                        options={
                            names[0]: COLOURS[colour][language],
                            names[1]: SIZES[size][language],
                        },
                    )
                )
    return made


def in_the_shop(words, seeded):
    """
    Return a shop's own title: noise beside, now and then a word less, words moved.
    """
    kept = list(words)
    if len(kept) > 4 and seeded.random() < 0.4:
        kept.remove(seeded.choice(kept[1:-1]))
    kept += seeded.sample(NOISE, seeded.randint(0, 3))
    if seeded.random() < 0.5:
        seeded.shuffle(kept)
    return " ".join(kept).title()


def store_variants(products, seeded):
    """
    Make what the shop sells, and what each truly is; None where nobody has it.
    """
    made = []
    brands = [made_up_word(seeded) + "q" for _ in range(200)]
    while len(made) < STORE_VARIANTS:
        number, words, colours, sizes = seeded.choice(products)
        is_strange = seeded.random() < 0.1
        if is_strange:
            words = [seeded.choice(brands), *seeded.sample(QUALITIES, 3), "gadget"]
        title = in_the_shop(words, seeded)
        language, way = seeded.randrange(5), seeded.randrange(6)
        for colour in seeded.sample(colours, 3):
            for size in seeded.sample(sizes, 3):
                said = COLOURS[colour][language], SIZES[size][language]
                made.append(
                    (
                        listing(f"V{len(made)}", title, said, NAMES[language], way),
                        None if is_strange else f"{number}-{colour}-{size}",
                    )
                )
    return made[:STORE_VARIANTS]


def listing(sku, title, said, names, way):
    """
    Write options in one of the ways that shops do.
    """
    colour, size = said
    match way:
        case 0:
            return StoreVariant(sku, f"{title} - {colour} / {size}")
        case 1:
            return StoreVariant(sku, f"{title}, {size}, {colour}")
        case 2:
            return StoreVariant(sku, f"{title} ({colour}, {size})")
        case 3:
            return StoreVariant(sku, f"{title} {colour} {size}")
        case 4:
            return StoreVariant(
                sku, f"{title} - {names[0]}: {colour}, {names[1]}: {size}"
            )
        case _:
            return StoreVariant(sku, title, dict(zip(names, said, strict=True)))


def ours(platform, shop, found):
    """
    Read the dictionary, build the index, suggest for all.
    """

    def run():
        known = built_in_dictionary()
        fresh = OptionDictionary(known._values, known._names, known._alone)  # noqa: SLF001 - no reading is kept from an earlier round
        index = MatchIndex(platform, fresh, title_similarity())
        found.clear()
        found.extend(index.suggest(one) for one, _ in shop)

    return run


def floor(platform, sample, found):
    """
    Compare every pair: the shop's words with the platform's, options included.
    """
    texts = [
        f"{c.product_title} {' '.join(c.options.values())}".lower() for c in platform
    ]

    def run():
        found.clear()
        for one, _ in sample:
            text = f"{one.title} {' '.join(one.options.values())}".lower()
            found.append(process.extractOne(text, texts, scorer=fuzz.token_set_ratio))

    return run


def count_ours(shop, found):
    """
    Say how often the truth was found, came first, and was wrongly spoken for.
    """
    real = [(truth, s) for (_, truth), s in zip(shop, found, strict=True) if truth]
    strange = [s for (_, truth), s in zip(shop, found, strict=True) if not truth]
    listed = sum(any(x.variant_id == truth for x in s) for truth, s in real)
    first = sum(bool(s) and s[0].variant_id == truth for truth, s in real)
    claimed = [(t, s) for t, s in real if s and s[0].reason == "same_options"]
    right = sum(s[0].variant_id == truth for truth, s in claimed)
    shares = f"listed {listed / len(real):.1%}, first {first / len(real):.1%}"
    print(f"  {shares} of {len(real):,}")
    print(
        f"  where the first is `same_options` ({len(claimed)}):"
        f" {right / len(claimed):.1%} right"
    )
    quiet = sum(not any(x.reason == "same_options" for x in s) for s in strange)
    share = quiet / len(strange)
    print(f"  of {len(strange):,} that nobody sells: none claimed for {share:.1%}")


def main():
    """
    Measure, and count what was found.
    """
    seeded = random.Random(11)
    products = catalogue(seeded)
    platform = candidates(products, seeded)
    shop = store_variants(products, seeded)
    sample = seeded.sample(shop, SAMPLE)
    found, by_text = [], []
    least = min(clocked(ours(platform, shop, found)) for _ in range(3))
    each = min(clocked(floor(platform, sample, by_text)) for _ in range(2)) / SAMPLE
    whole = each * len(shop)
    print(f"{len(shop):,} store variants against {len(platform):,} platform variants")
    print(f"  ours {least:.1f} s CPU (aim: at most 60)")
    print(f"  every pair, extrapolated from {SAMPLE}: {whole:,.0f} s CPU")
    print(f"  ratio 1/{whole / least:.0f} (aim: 1/50)")
    count_ours(shop, found)
    real = [(t, f) for (_, t), f in zip(sample, by_text, strict=True) if t]
    right = sum(platform[f[2]].variant_id == truth for truth, f in real)
    print(f"  every pair by text alone, first: {right / len(real):.1%} of {len(real)}")


if __name__ == "__main__":
    main()
