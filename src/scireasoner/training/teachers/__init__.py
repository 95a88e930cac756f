"""Teachers of the harvest: tools, endpoints, local models; what of their traces is refused."""
