"""Scientific objects: parse, canonicalise, validate and compare. No learning, no prompts."""
