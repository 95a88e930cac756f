"""From which confidence on a piece is wrapped, and from which on a person looks at it."""

DEFAULT = 0.7
"""What is at least so sure is wrapped."""

REVIEW = 0.3
"""What is at least so sure, and less than `DEFAULT`, goes into the review file."""
