"""A real university: the Open University Learning Analytics Dataset, as somebody else published it."""
