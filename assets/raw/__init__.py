"""What came in: files into archive and ledger, their rows as text."""
