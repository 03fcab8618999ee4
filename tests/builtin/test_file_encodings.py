"""
Files that do not say which encoding they are in: words tell, not how often a letter
comes.
"""

import pytest

from sourcehere.builtin.file_errors import UndecodableFileError
from sourcehere.builtin.file_text import decode

WEST = (
    *("Begoña Muñoz", "Correos España", "Ñuñoa", "Mañana", "3º izquierda nº 4"),
    *("São Paulo, João", "Conceição", "Guimarães", "Nicolò", "Città di Castello"),
    *("François Lefèvre", "Genève", "Colissimo à domicile", "Hélène Bœuf", "l’été"),
    *("Jean-Loïc Noël", "Début août", "Lyon où", "Barça", "Scène", "Café crème"),
    *("Sjokolade på brød", "Søren Kjær", "København", "Ærø", "Malmö Håkan", "Øst"),
    *("Tasse groß", "Größe XL", "Straße 5€", "Österreichische", "Öst", "Piñata £5"),
    *("Reykjavík Guðrún", "Þórsgata"),
)
CENTRE = (
    *("Česká pošta", "Jiří Novák", "Plzeň Třebíč", "Nováček", "Dvořák", "Němec"),
    *("Kučera", "Hradec Králové Němcové", "Ľubomír"),
    *("Gdańsk", "Poznań", "Kamiński", "Wałęsa", "Łódź"),
    *("Kovács Győző", "Fűzfő", "Üllői út", "Szőke"),
    *("Bucureşti", "Timişoara", "Brăila", "Iaşi"),
    *("Kovačić", "Đorđević", "Žiga Škof", "Ljubljana Čopova"),
)
FAR = {
    "cp1251": "Почта России",
    "gb18030": "中国邮政",
    "cp932": "ヤマト運輸",
    "big5": "中華郵政",
}


def written(*names):
    """
    Return a file of parcels, one for each carrier.
    """
    rows = [f"{n},{name},RR{n}\n" for n, name in enumerate(names, start=1)]
    return "".join(("order,carrier,tracking\n", *rows))


@pytest.mark.parametrize("name", WEST)
def test_one_word_of_the_west_is_enough(name):
    """
    Read as Central European, `España` would be `Espańa`, on labels and in shops.
    """
    text = written(name)
    assert ("cp1252", text) == _read(text, "cp1252")


@pytest.mark.parametrize("name", CENTRE)
def test_a_word_that_no_western_language_has_is_central_european(name):
    text = written(name)
    assert ("cp1250", text) == _read(text, "cp1250")


@pytest.mark.parametrize(
    ("encoding", "names"), [("cp1252", WEST), ("cp1250", (*CENTRE, "Ivanić", "Bjelić"))]
)
def test_many_words_decide_together(encoding, names):
    """
    Some words are of both; of a whole file most are not.
    """
    text = written(*names)
    assert (encoding, text) == _read(text, encoding)


@pytest.mark.parametrize("encoding", FAR)
def test_other_scripts_are_read_as_before(encoding):
    """
    Also where two of their bytes happen to be a letter of UTF-8, as in `中国`.
    """
    text = written(FAR[encoding])
    assert (encoding, text) == _read(text, encoding)


def test_a_file_of_utf8_with_damage_is_refused():
    """
    One letter was cut in half; nobody guesses another encoding for all of them.
    """
    data = written("Česká pošta").encode().replace("á".encode(), b"\xc3")
    with pytest.raises(UndecodableFileError, match="no UTF-8 at byte"):
        decode(data, path="parcels.csv")


def _read(text, encoding):
    found = decode(text.encode(encoding), path="parcels.csv")
    return found.encoding, found.text
