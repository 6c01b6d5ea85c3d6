"""The page's figures: each a pure function from released rows to words, a Plotly figure and a table."""
