"""Training: documents, pretraining, SFT, modes by evidence, harvest, cold start, DAPO.

Engines are existing ones: ``transformers.Trainer`` and TRL's ``GRPOTrainer`` over accelerate.
"""
