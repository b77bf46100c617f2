"""What makes and keeps the project, not what runs in it: set-up, browser, voices. Nothing here ships."""
