"""Arrays in, posterior out; knows no mat."""
