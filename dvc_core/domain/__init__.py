"""Floor 0: the center's rules. Pure: standard library and msgspec, no database, no clock, no Japanese."""
