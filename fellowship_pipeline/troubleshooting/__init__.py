"""The page of messages: each that the code can say, and what to do about it."""
