"""Floor 2: where things are. Offline geocoding, the reference map, distances and the symbols of the map.

Everything here is made from small factual files in `data/reference/geo/`; nothing is asked of a network.
It serves the needs desk (an address becomes a point, with the match level shown), matching (travel by rough
distance) and every map.
"""
