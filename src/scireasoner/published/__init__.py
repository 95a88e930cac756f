"""The released evaluators of arXiv 2509.21320, bug for bug, for comparison with its tables only.

Written from what that code computes (dave1362/SciReason, open-compass/opencompass), not copied
from it. Our own scores never come from this room.
"""
