"""Publishers' files and feeds: where they are, under what licence, and what they mean."""
