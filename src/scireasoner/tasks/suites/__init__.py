"""tasks/suites."""
