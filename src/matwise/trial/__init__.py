"""A trial of one: question, schedule, answer."""
