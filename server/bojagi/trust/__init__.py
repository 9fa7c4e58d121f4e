"""Keys, the TUF repository of a shelf, sealing, the verifier, bundles."""
