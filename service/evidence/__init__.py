"""Evidence: the answer to a question with all that is needed to check it, in one file."""
