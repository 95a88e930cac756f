"""Endpoints that speak OpenAI's chat protocol: the words, the pace, the purse, the client."""
