"""Numbers of a recipe that make no sense are refused when it is read, not hours later."""

from __future__ import annotations

from scireasoner.errors import RecipeError


def above_zero(settings: object, *names: str) -> None:
    """Raise RecipeError for the first of the named settings that is not above 0."""
    for name in names:
        value = getattr(settings, name)
        if not value > 0:
            raise RecipeError(f"{name} is {value}; it must be above 0")


def not_negative(settings: object, *names: str) -> None:
    """Raise RecipeError for the first of the named settings that is below 0."""
    for name in names:
        value = getattr(settings, name)
        if not value >= 0:
            raise RecipeError(f"{name} is {value}; it must not be negative")


def shares_of_one(settings: object, *names: str) -> None:
    """Raise RecipeError for the first of the named settings that is not from 0 to 1."""
    for name in names:
        value = getattr(settings, name)
        if not 0 <= value <= 1:
            raise RecipeError(f"{name} is {value}; use a number from 0 to 1")
