"""A free data science course: "Data Science for openwashdata", as somebody else published it."""
