"""Programs to try: each with its program.yaml and what fills its landing folder."""
