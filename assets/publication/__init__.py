"""What leaves the warehouse: suppressed tables and pages for everybody, lists with persons for operators."""
