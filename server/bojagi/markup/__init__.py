"""Markdown to units to safe HTML, and back byte for byte. One parser for everyone."""
