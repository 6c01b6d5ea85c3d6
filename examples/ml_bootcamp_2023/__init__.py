"""A machine-learning bootcamp, fourth run: its program.yaml and a generator of its exports."""
