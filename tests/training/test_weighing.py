"""What a token of an answer weighs, against sums written out."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from scireasoner.errors import RecipeError
from scireasoner.training.batches import IGNORED
from scireasoner.training.fit_config import FitConfig
from scireasoner.training.weighing import by_length

torch = pytest.importorskip("torch")

# Two rows: the prompt's last token, then an answer of three tokens and one of a single token.
LABELS = torch.tensor([[IGNORED, 4, 2, 1], [IGNORED, 3, IGNORED, IGNORED]])


def outputs() -> SimpleNamespace:
    logits = torch.randn(2, 4, 6, generator=torch.Generator().manual_seed(5))
    return SimpleNamespace(logits=logits.requires_grad_())


@pytest.mark.parametrize("power", [0.0, 0.5, 1.0])
def test_a_token_weighs_its_answers_length_to_a_power(power: float) -> None:
    out = outputs()
    logs = out.logits.log_softmax(-1)
    long = -(logs[0, 0, 4] + logs[0, 1, 2] + logs[0, 2, 1])
    short = -logs[1, 0, 3]
    expected = (long / 3**power + short) / 4
    torch.testing.assert_close(by_length(power)(out, LABELS), expected)
    # Of several batches in a step, each gives its part of the whole.
    torch.testing.assert_close(by_length(power)(out, LABELS, torch.tensor(8)), expected / 2)


def test_power_zero_is_the_models_own_loss() -> None:
    from transformers.loss.loss_utils import ForCausalLMLoss

    out = outputs()
    own = ForCausalLMLoss(out.logits, LABELS, 6, num_items_in_batch=torch.tensor(4))
    torch.testing.assert_close(by_length(0.0)(out, LABELS, torch.tensor(4)), own)


@pytest.mark.parametrize("power", [-0.1, 1.5])
def test_a_power_out_of_range_is_refused(power: float) -> None:
    with pytest.raises(RecipeError, match="length_power is"):
        FitConfig(length_power=power)
