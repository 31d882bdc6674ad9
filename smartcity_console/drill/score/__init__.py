"""The score of a drill: a fold over its journal. No clock and no I/O: the same journal gives the same score.

`score_of(scenario, events) -> Score` (judge.py) is the one entry.
"""
