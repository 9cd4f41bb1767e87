"""Captioned videos of moving shapes, without end: the training data of the demo checkpoint.

Every video is drawn from signed distances, so its caption is exact: colour, shape, size, motion and
background are facts about the pixels, and a test can measure what a prompt produced. The tables are
mirrored in ../test/measure/vocabulary.ts. Nothing here knows about models.
"""
from __future__ import annotations

import math
import random

import torch

COLORS = {
    "red": (0.90, 0.10, 0.12), "orange": (0.97, 0.55, 0.10), "yellow": (0.98, 0.90, 0.15),
    "green": (0.15, 0.75, 0.20), "cyan": (0.10, 0.85, 0.90), "blue": (0.12, 0.25, 0.95),
    "purple": (0.55, 0.15, 0.80), "pink": (0.98, 0.45, 0.70), "white": (0.97, 0.97, 0.97),
}
BACKGROUNDS = {
    "black": (0.02, 0.02, 0.02), "gray": (0.50, 0.50, 0.50), "white": (1.0, 1.0, 1.0),
    "navy": (0.03, 0.05, 0.25), "brown": (0.35, 0.20, 0.10),
}
SHAPES = {
    "circle": ("circle", "ball"), "square": ("square", "box"), "triangle": ("triangle",),
    "star": ("star",), "ring": ("ring",), "cross": ("cross",),
}
MOTIONS = {
    "left": ("moving left", "going left"), "right": ("moving right", "going right"),
    "up": ("moving up", "rising"), "down": ("moving down", "falling"),
    "bounce": ("bouncing",), "spin": ("spinning", "rotating"), "grow": ("growing",),
    "shrink": ("shrinking",), "orbit": ("circling", "orbiting"), "still": ("standing still",),
    "surf": ("surfing", "surfing a wave"),
}
SIZES = {"small": 0.26, "": 0.38, "big": 0.50}


def sdf(shape: str, x: torch.Tensor, y: torch.Tensor, r: torch.Tensor) -> torch.Tensor:
    """Signed distance (negative inside) of a centred shape of radius r; x, y in [-1, 1] units."""
    if shape == "circle":
        return torch.hypot(x, y) - r
    if shape == "ring":
        return (torch.hypot(x, y) - 0.78 * r).abs() - 0.24 * r
    if shape == "square":
        return torch.maximum(x.abs(), y.abs()) - 0.85 * r
    if shape == "cross":
        a, b = x.abs(), y.abs()
        return torch.minimum(torch.maximum(a - 0.30 * r, b - r), torch.maximum(b - 0.30 * r, a - r))
    if shape == "triangle":
        k = math.sqrt(3.0)
        return torch.maximum((k * x.abs() - y) * 0.5, y) - 0.52 * r
    if shape == "star":
        angle = torch.atan2(x, -y)
        sector = 2 * math.pi / 5
        folded = torch.remainder(angle + sector / 2, sector) - sector / 2
        radius = torch.hypot(x, y)
        return (radius * (torch.cos(folded) + 2.4 * torch.sin(folded.abs())) - 1.15 * r) / 2.6
    raise ValueError(shape)


def render(spec: dict, frames: int, size: int) -> torch.Tensor:
    """Video (frames, 3, size, size) in [0, 1]; x grows right, y grows down, both in [-1, 1]. A single frame is taken at time t0."""
    t = torch.linspace(0, 1, frames) if frames > 1 else torch.tensor([spec["t0"]])
    r0, motion = SIZES[spec["size"]], spec["motion"]
    cx, cy = torch.full_like(t, spec["x"]), torch.full_like(t, spec["y"])
    r, turn = torch.full_like(t, r0), torch.zeros_like(t)
    travel = 0.55
    if motion == "left":
        cx = travel * (1 - 2 * t)
    elif motion == "right":
        cx = travel * (2 * t - 1)
    elif motion == "up":
        cy = travel * (1 - 2 * t)
    elif motion == "down":
        cy = travel * (2 * t - 1)
    elif motion == "bounce":
        cy = 0.55 - 1.05 * (torch.sin(2 * math.pi * t)).abs()
    elif motion == "spin":
        cx, cy, turn = torch.zeros_like(t), torch.zeros_like(t), 2 * math.pi * 0.75 * t
    elif motion == "grow":
        cx, cy, r = torch.zeros_like(t), torch.zeros_like(t), 0.15 + 0.45 * t
    elif motion == "shrink":
        cx, cy, r = torch.zeros_like(t), torch.zeros_like(t), 0.60 - 0.45 * t
    elif motion == "orbit":
        cx, cy = 0.45 * torch.cos(2 * math.pi * t - math.pi / 2), 0.45 * torch.sin(2 * math.pi * t - math.pi / 2)
    axis = (torch.arange(size) + 0.5) / size * 2 - 1
    yy, xx = torch.meshgrid(axis, axis, indexing="ij")
    bg = torch.tensor(BACKGROUNDS[spec["bg"]]).view(1, 3, 1, 1)
    video = bg.expand(len(t), 3, size, size).clone()
    if motion == "surf":
        phase = 2 * math.pi * t.view(-1, 1, 1)
        level = 0.45 + 0.14 * torch.sin(3.2 * xx[None] - phase)
        water = torch.sigmoid((yy[None] - level) * size / 1.5)[:, None]
        video = video * (1 - water) + water * torch.tensor((0.10, 0.45, 0.80)).view(1, 3, 1, 1)
        cx = 0.55 * (2 * t - 1)
        slope = 3.2 * cx - 2 * math.pi * t
        cy = 0.45 + 0.14 * torch.sin(slope) - r0
        turn = torch.atan(0.14 * 3.2 * torch.cos(slope))
    dx, dy = xx[None] - cx.view(-1, 1, 1), yy[None] - cy.view(-1, 1, 1)
    c, s = torch.cos(turn).view(-1, 1, 1), torch.sin(turn).view(-1, 1, 1)
    d = sdf(spec["shape"], c * dx + s * dy, -s * dx + c * dy, r.view(-1, 1, 1))
    cover = torch.sigmoid(-d * size / 1.5)[:, None]
    return video * (1 - cover) + cover * torch.tensor(COLORS[spec["color"]]).view(1, 3, 1, 1)


def render_scene(rng: random.Random, size: int, shapes: int = 6) -> torch.Tensor:
    """One crowded still (1, 3, size, size): many shapes of any colour, place, size and turn, to teach the autoencoder fast."""
    axis = (torch.arange(size) + 0.5) / size * 2 - 1
    yy, xx = torch.meshgrid(axis, axis, indexing="ij")
    image = torch.tensor(BACKGROUNDS[rng.choice(list(BACKGROUNDS))]).view(3, 1, 1).expand(3, size, size).clone()
    if rng.random() < 0.2:
        phase = rng.uniform(0, 2 * math.pi)
        water = torch.sigmoid((yy - 0.45 - 0.14 * torch.sin(3.2 * xx - phase)) * size / 1.5)
        image = image * (1 - water) + water * torch.tensor((0.10, 0.45, 0.80)).view(3, 1, 1)
    for _ in range(shapes):
        turn, radius = rng.uniform(-0.6, 0.6), torch.tensor(rng.uniform(0.10, 0.5))
        dx, dy = xx - rng.uniform(-0.95, 0.95), yy - rng.uniform(-0.95, 0.95)
        c, s = math.cos(turn), math.sin(turn)
        cover = torch.sigmoid(-sdf(rng.choice(list(SHAPES)), c * dx + s * dy, -s * dx + c * dy, radius) * size / 1.5)
        image = image * (1 - cover) + cover * torch.tensor(COLORS[rng.choice(list(COLORS))]).view(3, 1, 1)
    return image[None]


REVERSED = {"left": "right", "right": "left", "up": "down", "down": "up", "grow": "shrink", "shrink": "grow"}


def sample_spec(rng: random.Random) -> dict:
    """One scene drawn at random; scenes that nobody could see (white on white, a turning disc) are left out."""
    color, bg = rng.choice(list(COLORS)), rng.choice(list(BACKGROUNDS))
    while color == "white" and bg == "white":
        bg = rng.choice(list(BACKGROUNDS))
    motion = rng.choice(list(MOTIONS))
    shape = rng.choice(list(SHAPES))
    if motion == "spin" and shape in ("circle", "ring"):
        shape = rng.choice(("square", "triangle", "star", "cross"))
    size = rng.choice(list(SIZES)) if motion not in ("grow", "shrink") else ""
    x, y = rng.uniform(-0.08, 0.08), rng.uniform(-0.08, 0.08)
    return dict(color=color, bg=bg, motion=motion, shape=shape, size=size, x=x, y=y, t0=rng.random())


def caption(spec: dict, rng: random.Random, unknown: float = 0.02) -> str:
    """One of many ways to say what a scene shows. With probability `unknown` the subject is a made-up word
    ("Spiderman is surfing"): whatever shape comes, the motion must hold."""
    size = spec["size"] + " " if spec["size"] else ""
    noun = f"{size}{spec['color']} {rng.choice(SHAPES[spec['shape']])}"
    if rng.random() < unknown:
        noun = "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randint(3, 10)))
    article, link = rng.choice(("a ", "a ", "the ", "")), rng.choice((" ", " ", " is "))
    text = f"{article}{noun}{link}{rng.choice(MOTIONS[spec['motion']])}"
    if rng.random() < 0.8:
        text += rng.choice((f" on a {spec['bg']} background", f" on {spec['bg']}"))
    return text


def vocabulary() -> list[str]:
    """Every word of the captions, sorted: the tokenizer gives each a token of its own."""
    words = set("a the is on background and of in video cartoon".split())
    for table in (SHAPES, MOTIONS):
        for names in table.values():
            for name in names:
                words.update(name.split())
    words |= {*COLORS, *BACKGROUNDS, *(size for size in SIZES if size)}
    return sorted(words)
