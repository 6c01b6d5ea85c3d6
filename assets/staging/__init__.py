"""What the rows mean: typed, matched to members, each natural key once."""
