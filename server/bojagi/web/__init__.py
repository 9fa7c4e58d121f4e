"""What answers requests: thin, and without a memory of who asked."""
