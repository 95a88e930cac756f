"""DAPO on TRL's GRPOTrainer: what TRL lacks is dynamic sampling, and it is added here.

DAPO is Decoupled Clip and Dynamic sAmpling Policy Optimization (arXiv 2503.14476). TRL supplies
the decoupled clip, the token-level loss and the group-standardised advantage. This module imports
torch and TRL; import it only where training happens.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from trl import GRPOTrainer

from scireasoner.training.rollout_log import RolloutLog, Shown, best_and_worst
from scireasoner.training.rollout_metrics import Group, measured
from scireasoner.training.rollouts import Answers, PromptStream, RolloutJudge, mixed
from scireasoner.training.scaling import TaskScale
from scireasoner.training.shared_prompts import generate, log_probabilities

_SAMPLES = 2
_WORST = "ratio/max"  # of several values of a step the largest is logged, not the mean


class DapoTrainer(GRPOTrainer):
    """GRPOTrainer whose batches hold only groups that teach something.

    A group is kept if its answers are not all alike under the gate: ``correct`` (default: the
    hard verdict, because filtering on the spread of a shaped reward is known to harm held-out
    accuracy), ``reward`` (any spread), or ``none``. Fresh prompts are asked until the batch is
    full or ``max_rounds`` is reached; what is then missing is padded with groups that carry no
    loss, so shapes stay fixed.

    Parameters
    ----------
    stream, judge : what is asked, and who judges the answers.
    gate, max_rounds : of dynamic sampling.
    scale : divides advantages by a task's deviation; None leaves them as TRL makes them.
    share_prompts : read the prompt of a group once. In one process without activation
        checkpointing; elsewhere it has no effect.
    log : where questions and samples are kept; None keeps none.
    """

    def __init__(
        self,
        *args: Any,
        stream: PromptStream,
        judge: RolloutJudge,
        gate: str,
        max_rounds: int,
        scale: TaskScale | None = None,
        share_prompts: bool = False,
        log: RolloutLog | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, reward_funcs=self._stored_rewards, **kwargs)
        self.stream = stream
        self.judge = judge
        self.gate = gate
        self.max_rounds = max_rounds
        self.scale = scale
        self.share_prompts = share_prompts and self._alone()
        self.rollout_log = log
        self._ready: list[Group] | None = None
        self._rolled_out_at = 0
        self._new_logps: torch.Tensor | None = None

    def _send_telemetry(self) -> None:
        """Tell no one: what is trained here is its owner's.

        The thread in which TRL tells it reads the environment while the main one may write it,
        which ends a process now and then with a segmentation fault.
        """

    def create_model_card(self, *args: Any, **kwargs: Any) -> None:
        """Write no card: TRL's is about an upload, and its order is not fixed by the seed."""

    def _alone(self) -> bool:
        """Return whether the model is whole, in this process, and keeps what it computes."""
        alone = self.accelerator.num_processes == 1 and not self.is_deepspeed_enabled
        return alone and not self.args.gradient_checkpointing and not self.aux_loss_enabled

    # --- rollouts ------------------------------------------------------------------------------

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
        asked, kept, rounds = self._collect(wanted)
        spare = [group for group in asked if group not in kept]
        self._ready = kept + spare[: wanted - len(kept)]
        rows = [group.row for group in self._ready for _ in range(self.num_generations)]
        output: dict[str, Any] = super()._generate_and_score_completions(rows)
        self._rescale(output, kept)
        self._silence(output, len(kept) * self.num_generations)
        self._note(output, asked, kept, rounds)
        self._ready = None
        self._rolled_out_at = self.state.global_step
        return output

    def _collect(self, wanted: int) -> tuple[list[Group], list[Group], int]:
        """Return (groups in the order they were asked, those that are kept, rounds)."""
        asked: list[Group] = []
        kept: list[Group] = []
        rounds = 0
        while rounds < self.max_rounds and self._someone_misses(wanted - len(kept)):
            rounds += 1
            # The first round asks for a whole batch, later ones for what is missing. A process
            # that is full asks for one group, because sharded models generate together.
            fresh = self.roll_out(self.stream.draw(max(1, wanted - len(kept))))
            asked += fresh
            kept += [group for group in fresh if mixed(group.judged, self.gate)]
        return asked, kept[:wanted], rounds

    def _someone_misses(self, missing: int) -> bool:
        counts = self.accelerator.gather(torch.tensor([missing], device=self.accelerator.device))
        return bool(counts.max() > 0)

    def roll_out(self, rows: Sequence[dict[str, Any]]) -> list[Group]:
        """Generate one group for each row, and judge them all."""
        size = self.num_generations
        ids = self._generated([row["prompt"] for row in rows])
        texts = self.processing_class.batch_decode(ids, skip_special_tokens=True)
        ends = set(self.eos_token_ids)
        answers = []
        for i, row in enumerate(rows):
            span = slice(i * size, (i + 1) * size)
            finished = [bool(one) and one[-1] in ends for one in ids[span]]
            answers.append(
                Answers(row["row"], texts[span], [len(one) for one in ids[span]], finished)
            )
        judged = self.judge(answers)
        return [
            Group(row, ids[i * size : (i + 1) * size], judged[i], answers[i])
            for i, row in enumerate(rows)
        ]

    def _generated(self, prompts: Sequence[str]) -> list[list[int]]:
        """Return the rollouts of each prompt, one after the other, up to and with their end."""
        size = self.num_generations
        if self.use_vllm or not self.share_prompts:
            each = [prompt for prompt in prompts for _ in range(size)]
            ids, _ = super()._generate_single_turn(*self._tokenize_prompts(each), size)
            return ids
        prompt_ids, *_ = self._tokenize_prompts(list(prompts))
        model = self.accelerator.unwrap_model(self.model)
        written = generate(model, prompt_ids, size, self.generation_config).tolist()
        ends = set(self.eos_token_ids)
        stops = (next((i for i, t in enumerate(row) if t in ends), len(row)) for row in written)
        return [row[: stop + 1] for row, stop in zip(written, stops, strict=True)]

    # --- advantages and loss -------------------------------------------------------------------

    def _rescale(self, output: dict[str, Any], kept: Sequence[Group]) -> None:
        """Divide the advantages of each task by its running deviation."""
        if self.scale is None:
            return
        own = [(g.task, [j.reward for j in g.judged if j.reward is not None]) for g in kept]
        sums = torch.tensor(self.scale.sums(own), dtype=torch.float64).to(self.accelerator.device)
        self.scale.update(self.accelerator.reduce(sums, reduction="sum").tolist())
        assert self._ready is not None
        divisors = [self.scale.divisor(group.task) for group in self._ready]
        by_row = torch.tensor(divisors).repeat_interleave(self.num_generations)
        output["advantages"] = output["advantages"] / by_row.to(output["advantages"])

    def _silence(self, output: dict[str, Any], used: int) -> None:
        """Take padding groups out of the loss and of its token count."""
        output["completion_mask"][used:] = 0
        output["advantages"][used:] = 0
        tokens = output["completion_mask"].sum()
        output["num_items_in_batch"] = self.accelerator.gather(tokens).sum()

    def _prepare_inputs(self, generation_batch: Any) -> Any:
        """Return the next micro-batch; count the tokens of each optimiser step exactly.

        TRL divides by the mean count of the steps that share a batch of rollouts.
        """
        before = self._buffered_inputs
        inputs = super()._prepare_inputs(generation_batch)
        if self.model.training and self._buffered_inputs is not before:
            step = self.args.gradient_accumulation_steps
            shared = len(self._buffered_inputs) // step
            for start in range(0, len(self._buffered_inputs), step):
                own = self._buffered_inputs[start : start + step]
                tokens = torch.stack([batch["completion_mask"].sum() for batch in own]).sum()
                for batch in own:
                    batch["num_items_in_batch"] = self.accelerator.gather(tokens).sum() * shared
        return inputs

    def _get_per_token_logps_and_entropies(
        self, model: Any, input_ids: Any, attention_mask: Any, logits_to_keep: int, **kwargs: Any
    ) -> Any:
        """Remember the log-probabilities that the loss is made of."""
        entropy = kwargs.get("compute_entropy", False)
        if self.share_prompts:
            size = kwargs.get("batch_size") or len(input_ids)
            with self.accelerator.autocast():
                parts = [
                    log_probabilities(
                        model,
                        input_ids[start : start + size],
                        attention_mask[start : start + size],
                        logits_to_keep,
                        self.temperature,
                    )
                    for start in range(0, len(input_ids), size)
                ]
            logps, spread = (torch.cat(part) for part in zip(*parts, strict=True))
            found = logps, spread if entropy else None, None
        else:
            found = super()._get_per_token_logps_and_entropies(
                model, input_ids, attention_mask, logits_to_keep, **kwargs
            )
        if entropy:
            self._new_logps = found[0].detach()
        return found

    def _compute_loss(self, model: Any, inputs: dict[str, Any]) -> torch.Tensor:
        """Return TRL's loss; log the importance ratios and how old the rollouts are."""
        loss: torch.Tensor = super()._compute_loss(model, inputs)
        metrics = self._metrics["train" if self.model.training else "eval"]
        metrics["dapo/staleness"].append(float(self.state.global_step - self._rolled_out_at))
        new, old = self._new_logps, inputs.get("old_per_token_logps")
        assert new is not None
        self._new_logps = None
        # Without old ones the policy is the one that was sampled from: every ratio is 1.
        ratio = torch.ones_like(new) if old is None else torch.exp(new - old)
        ratio = torch.where(inputs["completion_mask"].bool(), ratio, 0.0)
        sums = torch.stack([ratio.sum(), inputs["completion_mask"].sum().to(ratio)])
        total, tokens = self.accelerator.reduce(sums, reduction="sum").tolist()
        if tokens:
            metrics["ratio/mean"].append(total / tokens)
            metrics[_WORST].append(float(self.accelerator.gather(ratio.max()).max()))
        return loss

    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        """Log, with the largest ratio since the last point, and shares of faults over all of it."""
        metrics = self._metrics["train" if self.model.training else "eval"]
        if metrics.get(_WORST):
            metrics[_WORST] = [max(metrics[_WORST])]
        for name in [name for name in metrics if name.startswith("fault/")]:
            # A batch without the fault has no entry, and counts as 0.
            metrics[name] = [sum(metrics[name]) / len(metrics["rollout/fault"])]
        super().log(logs, start_time)

    # --- what is told --------------------------------------------------------------------------

    def _note(
        self, output: dict[str, Any], asked: Sequence[Group], kept: Sequence[Group], rounds: int
    ) -> None:
        """Log what all rollouts of this batch earned, kept or not, and keep some of them."""
        useful = (output["completion_mask"].sum(dim=1) * (output["advantages"] != 0)).sum()
        for name, value in measured(asked, kept, rounds, int(useful)).items():
            self._metrics["train"][name].append(value)
        if self.scale is not None:
            for task in self.scale.variance:
                self._metrics["train"][f"scale/{task}"].append(self.scale.divisor(task))
        if self.rollout_log is None:
            return
        step = self.state.global_step + 1
        self.rollout_log.ask(step, [g.row["id"] for g in asked], [g.row["id"] for g in kept])
        span = self.args.steps_per_generation // self.args.gradient_accumulation_steps
        if self.rollout_log.due(step, span * self.num_iterations):
            best, worst = best_and_worst([group.judged for group in asked], _SAMPLES)
            self.rollout_log.show(
                step,
                [_shown(asked[g], i) for g, i in best],
                [_shown(asked[g], i) for g, i in worst],
            )


def _shown(group: Group, place: int) -> Shown:
    answers = group.answers
    return Shown(
        group.row["prompt"], answers.texts[place], answers.lengths[place], group.judged[place]
    )
