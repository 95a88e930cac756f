"""Builders of the embedded rows: handbook tables that ship with packages, and computed rows."""
