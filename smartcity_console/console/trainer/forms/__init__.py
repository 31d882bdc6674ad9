"""Forms for the parts of a scenario, made from the scenario's own model."""
