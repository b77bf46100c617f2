"""What is known, who says so, when it was reviewed."""
