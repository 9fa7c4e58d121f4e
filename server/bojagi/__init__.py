"""Bojagi: safety-first publishing of small Korean-language content packs."""

__version__ = "0.1.0"
