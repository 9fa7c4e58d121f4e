"""Folders and PO catalogues to domain objects and back; the checks."""
