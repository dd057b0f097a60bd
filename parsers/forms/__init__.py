"""The official forms as data, and the arithmetic that must hold on them."""

from __future__ import annotations

from parsers.forms.loader import form, forms
from parsers.forms.structure import Block, Form, FormColumn, FormSection, Identity, Key, Line

__all__ = ["Block", "Form", "FormColumn", "FormSection", "Identity", "Key", "Line", "form", "forms"]
