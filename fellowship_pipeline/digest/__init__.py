"""The digest: how the program stands in a few lines, and sending them to where people read."""
