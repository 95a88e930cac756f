"""The numbers that a plan stands on: devices from their sheets, shares measured or assumed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scireasoner.artifacts import read_json
from scireasoner.errors import ArtifactError, InputError, nearest

CONSTANTS = Path(__file__).with_name("constants.json")
_CPU = "cpu"


@dataclass(frozen=True)
class Device:
    """A device that trains.

    Parameters
    ----------
    flops : dense peak, floating-point operations a second (bf16 on GPUs, float32 on CPUs).
    memory : bytes.
    bandwidth : bytes a second between memory and processor.
    network : bytes a second between this device and others.
    price : of an hour, in whatever money you give it.
    source : where the numbers stand.
    """

    name: str
    flops: float
    memory: float
    bandwidth: float
    network: float
    price: float
    source: str

    @property
    def kind(self) -> str:
        """``gpu`` or ``cpu``: what measured shares hold for."""
        return _CPU if self.name.startswith(_CPU) else "gpu"


@dataclass(frozen=True)
class Rollouts:
    """What rollouts are taken to be like.

    Parameters
    ----------
    prompt_tokens : of a question.
    length_share : mean length of an answer as a share of the longest allowed.
    rounds : how many batches are sampled for one that is full of mixed groups.
    bandwidth_share, decode_utilisation : of the peaks, reached while decoding.
    engine_memory_share : of the GPU, given to vLLM (TRL's default is 0.3).
    step_seconds : that a decoding step takes whatever it computes.
    layer_seconds : that a layer takes beyond it on a GPU without vLLM: Python and kernel launches
        of transformers' ``generate``. From one measured RL step at 1.7B (docs/log.md).
    judge_seconds, judges : seconds for an answer, and processes that judge at a time.
    """

    prompt_tokens: float
    length_share: float
    rounds: float
    bandwidth_share: float
    decode_utilisation: float
    engine_memory_share: float
    step_seconds: float
    layer_seconds: float
    judge_seconds: float
    judges: float
    assumed: bool


@dataclass(frozen=True)
class Utilisation:
    """The share of a device's peak that training of a model of this size reaches."""

    device: str
    parameters: float
    value: float
    assumed: bool = True
    measured: str = ""


@dataclass(frozen=True)
class Constants:
    """All numbers of a plan."""

    devices: Mapping[str, Device]
    utilisations: tuple[Utilisation, ...]
    rollouts: Rollouts
    mean_row_tokens: float
    memory_reserve: float

    def device(self, name: str) -> Device:
        """Return a device by name; InputError with the nearest name if there is none."""
        if name not in self.devices:
            raise InputError(
                f"there is no device {name!r}{nearest(name, self.devices)}; known: "
                f"{', '.join(self.devices)}"
            )
        return self.devices[name]

    def utilisation(self, device: Device, parameters: int) -> Utilisation:
        """Return the share that was measured or assumed nearest to a model's size."""
        own = [u for u in self.utilisations if u.device == device.name]
        own = own or [u for u in self.utilisations if u.device == device.kind]
        if not own:
            raise InputError(
                f"no utilisation is known for {device.name}: measure it with benchmarks/gpu_mfu.py "
                "and give the file with --constants, or give --utilisation"
            )
        return min(own, key=lambda u: abs(math.log(u.parameters / parameters)))


def load_constants(path: Path | None = None) -> Constants:
    """Read the constants that come with the package, or a file of your own.

    Raises
    ------
    ArtifactError : if the file is missing or lacks something.
    """
    raw: Mapping[str, Any] = read_json(path or CONSTANTS)
    try:
        return Constants(
            {name: Device(name, **values) for name, values in raw["devices"].items()},
            tuple(Utilisation(**row) for row in raw["utilisation"]),
            Rollouts(**raw["rollouts"]),
            float(raw["mean_row_tokens"]),
            float(raw["memory_reserve"]),
        )
    except (KeyError, TypeError) as error:
        raise ArtifactError(
            f"{path or CONSTANTS} lacks or has too much: {error}; copy the file that comes with "
            "the package and change its numbers"
        ) from error
