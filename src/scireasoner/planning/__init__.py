"""What a recipe takes on GPUs before any is booked: memory, step time, hours, cost."""

from scireasoner.planning.constants import Constants, Device, load_constants
from scireasoner.planning.plan import Plan, StagePlan, plan
from scireasoner.planning.shapes import Counts, Shape, counts, meta_model, shape_of

__all__ = [
    "Constants",
    "Counts",
    "Device",
    "Plan",
    "Shape",
    "StagePlan",
    "counts",
    "load_constants",
    "meta_model",
    "plan",
    "shape_of",
]
