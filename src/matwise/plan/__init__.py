"""Which rung is next: up, stay or back."""
