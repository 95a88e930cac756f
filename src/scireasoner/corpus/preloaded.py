"""What the server that workers fork from imports before any pipeline: it keeps datatrove quiet."""

from __future__ import annotations

from loguru import logger

logger.disable("datatrove")
