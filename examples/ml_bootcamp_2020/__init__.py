"""A machine-learning bootcamp, first run: its program.yaml and a generator of its exports."""
