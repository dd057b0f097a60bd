"""Text recognition of scans and pictures: what `parsers` is handed by way of `pipeline.convert`.

Pixels are looked at here alone; everything works without a network, on models that come with a package.
"""
