"""The pretraining corpus: documents, checks, tokenizer, packed blocks."""
