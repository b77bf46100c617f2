"""One session, second by second: what is heard when."""
