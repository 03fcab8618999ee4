"""
Which countries there are: codes of ISO 3166-1 alpha-2, and what people type for them.
"""

# ISO 3166-1, officially assigned codes, and XK: a code for users that the EU, carriers
# and shops use for Kosovo.
_CODES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL "
    "BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV "
    "CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD "
    "GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM "
    "IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK "
    "LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW "
    "MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR "
    "PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS "
    "ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY "
    "UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW XK "
)
COUNTRIES = frozenset(_CODES.split())
UNKNOWN_COUNTRY = "ZZ"  # ISO 3166-1 leaves ZZ to users

# Reserved codes and those of the European Commission, which people and shops write.
_ALIASES = {"UK": "GB", "EL": "GR"}


def country_code(text: str) -> str:
    """
    Return the ISO code that *text*, a code, stands for: `UK` is GB, and `EL` is GR.
    """
    return _ALIASES.get(text, text)


def is_country(code: str) -> bool:
    """
    Tell whether ISO 3166-1 has *code*, or it is the code for an unknown country.
    """
    return code in COUNTRIES or code == UNKNOWN_COUNTRY
