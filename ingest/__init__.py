"""What was read: publications in, assertions and findings out."""
