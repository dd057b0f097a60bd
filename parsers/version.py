"""The version of the parser: part of every report and of every part's name."""

VERSION = "0.1.0"
