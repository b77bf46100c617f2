"""From what was reported or recorded to a number."""
