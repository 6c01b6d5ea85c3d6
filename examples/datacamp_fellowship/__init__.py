"""A two-year DataCamp fellowship: its program.yaml and a generator of its exports."""
