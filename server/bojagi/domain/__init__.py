"""What a pack is and who may carry what. Pure: no files, network, clock, Flask or SQL."""
