"""Codes of organisations in front of index numbers: 11341702486344515H/2024-00012, 014314799/2024-00002."""

from __future__ import annotations

import re

_CREDIT = re.compile(r"(?<![0-9A-Z])([0-9A-HJ-NPQRTUWXY]{17}[0-9A-HJ-NPQRTUWXY])(?![0-9A-Z])")
_ORGANISATION = re.compile(r"^([0-9A-Z]{8})-?([0-9X])(?=[/_\-—－ ]|$)")

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def credit_code(index_number: str) -> str:
    """The unified social credit code in an index number; "" when there is none whose check character is right.

    GB 32100-2015: 18 characters, weights 3^i mod 31.
    """
    for found in _CREDIT.finditer(index_number.upper()):
        code = found[1]
        total = sum(_ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(code[:17]))
        if _ALPHABET[(31 - total % 31) % 31] == code[17] and _organisation_fits(code[8:17]):
            return code
    return ""


def organisation_code(index_number: str) -> str:
    """The nine characters of an organisation code, alone or within a credit code; "" when there are none that fit.

    GB 11714-1997: the last one checks the others.
    """
    credit = credit_code(index_number)
    if credit:
        return credit[8:17]
    found = _ORGANISATION.match(index_number.upper().strip())
    if found is None or set(found[1]) == {"0"}:
        return ""
    code = found[1] + found[2]
    return code if _organisation_fits(code) else ""


def _organisation_fits(code: str) -> bool:
    total = sum(int(character, 36) * weight for character, weight in zip(code[:8], _WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11] == code[8]
