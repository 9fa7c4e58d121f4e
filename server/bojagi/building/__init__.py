"""Pack and locale to edition bytes; renditions; the static tree of a shelf."""
