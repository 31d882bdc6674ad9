"""Drills on the screen: the marks of a drill at a seat, the trainer's window, the scenario editor, the replay."""
