"""Forged reports set in type and printed as PDF files, in the ways that word processors, browsers and drivers print.

The content and its truth come from `tests.forge`; what is wrong in a PDF comes from the habits here.
"""
