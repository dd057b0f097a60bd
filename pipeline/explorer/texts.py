"""The words of the interface, in English and Chinese, from `texts.toml`."""

from __future__ import annotations

import functools
import tomllib
from importlib import resources

from parsers.errors import DataFileError

LANGUAGES = ("en", "zh")


@functools.cache
def texts() -> dict[str, dict[str, str]]:
    """Every text by its name, then by language. DataFileError where one lacks a language."""
    said = tomllib.loads(resources.files("pipeline.explorer").joinpath("texts.toml").read_text("utf-8"))
    for name, words in said.items():
        if sorted(words) != sorted(LANGUAGES):
            raise DataFileError(f"{name} has not one text for each language", reading="explorer/texts.toml")
    return said


def text(language: str, name: str, **values: object) -> str:
    """A text by its name. Names that are not known stand for themselves: codes that data files may add to.

    For a `count` of one, a text whose name ends in `_one` comes first.
    """
    words = texts().get(f"{name}_one" if str(values.get("count")) == "1" else name) or texts().get(name)
    said = words[language] if words else name.rpartition(".")[2].replace("_", " ")
    return said.format(**values) if values else said


def preferred(header: str) -> str:
    """The language of the interface that an Accept-Language header asks for first."""
    for part in header.lower().split(","):
        tag = part.split(";")[0].strip()[:2]
        if tag in LANGUAGES:
            return tag
    return LANGUAGES[0]
