"""A request becomes one call of practice, its result a page."""
