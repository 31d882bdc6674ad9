"""The stage: the sample city seen through its cameras.

One block of the city is built as geometry (`block`, `ground`, `facades`, `street`), one world is simulated on it
(`tracks`, `people`, `traffic`, `robbery`, `fire`), and every camera films that world from its own pose (`view`,
`render`, `sensor`, `film`). Everything is a pure function of the catalogue, a seed and the second of the loop, so that
two cameras which see one actor show it at the same place at the same second.

Local frame: metres, x east, y north, z up, origin at the block's centre.
"""
