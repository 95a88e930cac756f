"""DAPO on TRL's GRPOTrainer: what TRL lacks is dynamic sampling, and it is added here.

DAPO is Decoupled Clip and Dynamic sAmpling Policy Optimization (arXiv 2503.14476). TRL supplies
the decoupled clip, the token-level loss and the group-standardised advantage. This module imports
torch and TRL; import it only where training happens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from trl import GRPOTrainer

from scireasoner.training.rollouts import Judged, PromptStream, RolloutJudge, mixed


@dataclass
class Group:
    """The completions of one prompt: token ids and judgements, in the same order."""

    row: dict[str, Any]
    completion_ids: list[list[int]]
    judged: list[Judged]


class DapoTrainer(GRPOTrainer):
    """GRPOTrainer whose batches hold only groups that teach something.

    A group is kept if its answers are not all alike under the gate: ``correct`` (default: the
    hard verdict, because filtering on the spread of a shaped reward is known to harm held-out
    accuracy), ``reward`` (any spread), or ``none``. Fresh prompts are asked until the batch is
    full or ``max_rounds`` is reached; what is then missing is padded with groups that carry no
    loss, so shapes stay fixed.
    """

    def __init__(
        self,
        *args: Any,
        stream: PromptStream,
        judge: RolloutJudge,
        gate: str,
        max_rounds: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, reward_funcs=self._stored_rewards, **kwargs)
        self.stream = stream
        self.judge = judge
        self.gate = gate
        self.max_rounds = max_rounds
        self._ready: list[Group] | None = None

    def create_model_card(self, *args: Any, **kwargs: Any) -> None:
        """Write no card: TRL's is about an upload, and its order is not fixed by the seed."""

    def _stored_rewards(self, prompts: list[str], **kwargs: Any) -> list[float | None]:
        """Return the rewards of the batch that is being built (already judged)."""
        assert self._ready is not None
        return [judged.reward for group in self._ready for judged in group.judged]

    def _generate_single_turn(
        self, prompt_ids: Any, images: Any, multimodal_fields: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Return the completions that dynamic sampling chose; generate when it is choosing."""
        if self._ready is None:
            return super()._generate_single_turn(
                prompt_ids, images, multimodal_fields, *args, **kwargs
            )
        return [ids for group in self._ready for ids in group.completion_ids], None

    def _generate_and_score_completions(self, inputs: list[dict[str, Any]]) -> dict[str, Any]:
        """Fill the batch by dynamic sampling, then let TRL build the tensors from it."""
        wanted = len(inputs) // self.num_generations
        kept, spare, rounds = self._collect(wanted)
        padding = spare[: wanted - len(kept)]
        self._ready = kept + padding
        rows = [group.row for group in self._ready for _ in range(self.num_generations)]
        output: dict[str, Any] = super()._generate_and_score_completions(rows)
        self._silence(output, len(kept) * self.num_generations)
        self._note(kept + spare, len(kept), rounds)
        self._ready = None
        return output

    def _collect(self, wanted: int) -> tuple[list[Group], list[Group], int]:
        """Return (kept groups, the others, rounds asked)."""
        kept: list[Group] = []
        spare: list[Group] = []
        rounds = 0
        while rounds < self.max_rounds and self._someone_misses(wanted - len(kept)):
            rounds += 1
            # The first round asks for a whole batch, later ones for what is missing. A process
            # that is full asks for one group, because sharded models generate together.
            for group in self._roll_out(self.stream.draw(max(1, wanted - len(kept)))):
                alive = mixed(group.judged, self.gate)
                (kept if alive and len(kept) < wanted else spare).append(group)
        return kept, spare, rounds

    def _someone_misses(self, missing: int) -> bool:
        counts = self.accelerator.gather(torch.tensor([missing], device=self.accelerator.device))
        return bool(counts.max() > 0)

    def _roll_out(self, rows: Sequence[dict[str, Any]]) -> list[Group]:
        """Generate and judge one group for each row."""
        size = self.num_generations
        prompts = [row["prompt"] for row in rows for _ in range(size)]
        prompt_ids, images, fields = self._tokenize_prompts(prompts)
        ids, _ = super()._generate_single_turn(prompt_ids, images, fields, size)
        texts = self.processing_class.batch_decode(ids, skip_special_tokens=True)
        ends = set(self.eos_token_ids)
        groups = []
        for i, row in enumerate(rows):
            span = slice(i * size, (i + 1) * size)
            finished = [bool(one) and one[-1] in ends for one in ids[span]]
            lengths = [len(one) for one in ids[span]]
            judged = self.judge(row["row"], texts[span], lengths, finished)
            groups.append(Group(row, ids[span], judged))
        return groups

    def _silence(self, output: dict[str, Any], used: int) -> None:
        """Take padding groups out of the loss and of its token count."""
        output["completion_mask"][used:] = 0
        output["advantages"][used:] = 0
        tokens = output["completion_mask"].sum()
        output["num_items_in_batch"] = self.accelerator.gather(tokens).sum()

    def _note(self, groups: Sequence[Group], kept: int, rounds: int) -> None:
        """Log what all rollouts of this step earned, kept or not, by task too."""
        metrics = self._metrics["train"]
        everyone = [judged for group in groups for judged in group.judged]
        metrics["rollout/correct"].append(_mean([j.correct for j in everyone]))
        metrics["rollout/score"].append(_mean([j.soft for j in everyone]))
        metrics["rollout/fault"].append(_mean([j.fault is not None for j in everyone]))
        metrics["dapo/kept"].append(kept / max(1, len(groups)))
        metrics["dapo/rounds"].append(float(rounds))
        by_task: dict[str, list[Judged]] = {}
        for judged in everyone:
            by_task.setdefault(judged.task, []).append(judged)
        for task, own in sorted(by_task.items()):
            metrics[f"task/{task}/reward"].append(_mean([j.soft for j in own]))
            metrics[f"task/{task}/correct"].append(_mean([j.correct for j in own]))


def _mean(values: Sequence[float]) -> float:
    return float(sum(values) / len(values)) if values else 0.0
