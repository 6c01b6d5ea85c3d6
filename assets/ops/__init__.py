"""Lists that operators work through, and reports of what could not be decided: one SQL file each."""
