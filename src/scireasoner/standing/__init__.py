"""Where a model stands: beside its baselines, the published numbers and its own data's terms."""
