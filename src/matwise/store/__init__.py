"""What people said and did, SQLite or PostgreSQL."""
