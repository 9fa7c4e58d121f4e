"""The verbs: what a person does with the system, each one whole or not at all."""
