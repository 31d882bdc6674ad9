"""The scenario editor: a time line, forms, actors on the map, recordings to look at, contradictions as one writes."""
