"""Train the demo checkpoint, on a CPU or a GPU:

    python train.py vae     OUT --minutes 60      # 1. autoencoder
    python train.py latents OUT --videos 2000     # 2. videos, encoded once
    python train.py unet    OUT --steps 20000     # 3. text encoder and UNet3D together; resumes from OUT/state.pt
    python export_fp16.py   OUT ../checkpoint

Stop and continue stage 3 at will: it counts steps, not hours, and the learning rate falls over the last fifth.
"""
from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections import defaultdict
from pathlib import Path

import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL, UNet3DConditionModel
from transformers import CLIPTokenizer

import shapes_data as data
from models import FRAMES, SIZE, new_text_encoder, new_unet, new_vae, signal_shares, write_checkpoint
from muon import Muon
from tokenizer import TOKENS, write_tokenizer

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
LAST = 999  # the timestep of noise alone


# ---- 1. autoencoder

def train_vae(out: Path, minutes: float, batch: int = 8, lr: float = 2e-3) -> None:
    """Reconstructs crowded stills; keeps the latents' spread near 1 by a weak KL term and an exact scaling factor."""
    rng = random.Random()
    vae = (AutoencoderKL.from_pretrained(out / "vae") if (out / "vae").exists() else new_vae()).to(DEVICE).train()
    opt = torch.optim.AdamW(vae.parameters(), lr=lr, betas=(0.9, 0.99), weight_decay=0.0)
    start, step = time.time(), 0
    while (done := (time.time() - start) / (minutes * 60)) < 1:
        opt.param_groups[0]["lr"] = lr * min(1.0, (step + 1) / 50) * (0.02 + 0.49 * (1 + math.cos(math.pi * done)))
        stills = [data.render_scene(rng, SIZE) if i % 4 else data.render(data.sample_spec(rng), 1, SIZE) for i in range(batch)]
        x = torch.cat(stills).to(DEVICE) * 2 - 1
        posterior = vae.encode(x).latent_dist
        y = vae.decode(posterior.sample()).sample
        coarse = F.l1_loss(F.avg_pool2d(y, 4), F.avg_pool2d(x, 4))
        loss = F.l1_loss(y, x) + F.mse_loss(y, x) + coarse + 2e-5 * posterior.kl().mean() / 64
        opt.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(vae.parameters(), 1.0)
        opt.step()
        step += 1
        if step % 100 == 0:
            print(f"vae {step}: loss {loss.item():.4f}, {-10 * math.log10(F.mse_loss(y, x).item() / 4):.1f} dB", flush=True)
    vae.eval()
    with torch.no_grad():
        stills = torch.cat([data.render(data.sample_spec(rng), 1, SIZE) for _ in range(256)]).to(DEVICE)
        spread = vae.encode(stills * 2 - 1).latent_dist.mean.std().item()
    vae.register_to_config(scaling_factor=round(1 / spread, 5))
    vae.save_pretrained(out / "vae")


# ---- 2. latents

@torch.no_grad()
def encode_videos(out: Path, videos: int, seed: int, per_file: int = 250) -> None:
    """Writes OUT/latents/NNN.pt, each with 250 scenes and their latents (250, FRAMES, 4, 16, 16) in float16."""
    vae = AutoencoderKL.from_pretrained(out / "vae").to(DEVICE).eval()
    rng = random.Random(seed)
    (out / "latents").mkdir(exist_ok=True)
    for i in range(videos // per_file):
        specs, path = [data.sample_spec(rng) for _ in range(per_file)], out / "latents" / f"{i:03d}.pt"
        if path.exists():
            continue
        clips = []
        for spec in specs:
            video = data.render(spec, FRAMES, SIZE).to(DEVICE) * 2 - 1
            frames = [vae.encode(part).latent_dist.mean for part in video.split(4)]
            clips.append((torch.cat(frames) * vae.config.scaling_factor).half().cpu())
        torch.save(dict(latents=torch.stack(clips), specs=specs), path)
        print(path, flush=True)


# ---- 3. text encoder and UNet3D

# (share of steps, frames, videos per step): shorter clips show the order of frames more plainly and cost less.
MIX = [(0.05, 1, 24), (0.10, 4, 12), (0.35, 8, 6), (0.50, 16, 4)]


class Batches:
    """Draws (latents, captions) from encoded videos. Directional clips come in pairs with their own reversal."""

    def __init__(self, folder: Path, rng: random.Random) -> None:
        files = [torch.load(path) for path in sorted(folder.glob("*.pt"))]
        if not files:
            raise SystemExit(f"{folder} holds no videos: run the stage `latents` first")
        self.latents = torch.cat([f["latents"] for f in files])  # (N, FRAMES, 4, h, w)
        self.specs = [spec for f in files for spec in f["specs"]]
        self.rng = rng

    def draw(self, frames: int, count: int) -> tuple[torch.Tensor, list[str], torch.Tensor]:
        """Latents (B, 4, F, h, w), captions, and for each clip the index of the one it shares timestep and noise with."""
        clips, specs, twin = [], [], []
        while len(clips) < count:
            i = self.rng.randrange(len(self.specs))
            spec, clip, reverse = self.specs[i], self.latents[i], self.rng.random() < 0.5
            options = [(spec, clip)]
            if spec["motion"] in data.REVERSED:
                mirrored = dict(spec, motion=data.REVERSED[spec["motion"]]), clip.flip(0)
                options = [mirrored, options[0]] if reverse else [options[0], mirrored]
            first = len(clips)
            for spec, clip in options[:count - first] if frames > 1 else options[:1]:
                pick = [self.rng.randrange(FRAMES)] if frames == 1 else torch.linspace(0, FRAMES - 1, frames).round().long().tolist()
                clips.append(clip[pick])
                specs.append(spec)
                twin.append(first)
        captions = ["" if self.rng.random() < 0.08 else data.caption(spec, self.rng) for spec in specs]
        return torch.stack(clips).float().transpose(1, 2), captions, torch.tensor(twin)


class PositionProbes(torch.nn.Module):
    """Linear read-outs of "which frame is this" after every temporal convolution: an auxiliary loss, thrown away at the end.

    This UNet has no frame positions: only the zero padding of its temporal convolutions tells the first frame from the
    last, and carrying that inwards takes many layers to agree. Asking each for it teaches the order of frames early.
    """

    def __init__(self, unet: UNet3DConditionModel) -> None:
        super().__init__()
        self.seen: dict[int, torch.Tensor] = {}
        layers = [m for name, m in unet.named_modules() if len(name.split(".")) > 2 and name.split(".")[-2] == "temp_convs"]
        for i, layer in enumerate(layers):
            layer.register_forward_hook(lambda module, inputs, output, i=i: self.seen.update({i: output}))
        self.read = torch.nn.ModuleList(torch.nn.Linear(layer.conv4[-1].out_channels, 2) for layer in layers)

    def loss(self, frames: int) -> torch.Tensor:
        """Mean squared error of place in time and its square; features are (B*F, C, h, w)."""
        place = torch.linspace(-1, 1, frames, device=self.seen[0].device)
        target = torch.stack([place, 1.5 * place**2 - 0.5], -1)
        losses = []
        for i, read in enumerate(self.read):
            x = self.seen[i].float().unflatten(0, (-1, frames)).transpose(1, 2)
            x = F.group_norm(x, 8).permute(0, 3, 4, 2, 1)  # (B, h, w, F, C)
            losses.append(F.mse_loss(read(x), target.expand(*x.shape[:3], -1, -1)))
        return torch.stack(losses).mean()


def plain_attention(q, k, v, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None, **options):
    """Attention as two matrix products: on CPUs with bfloat16 three times faster to train than the fused kernel."""
    if attn_mask is not None or is_causal:
        return FUSED(q, k, v, attn_mask=attn_mask, is_causal=is_causal, scale=scale, **options)
    with torch.autocast(DEVICE, enabled=False):
        return (q * q.shape[-1] ** -0.5 @ k.transpose(-1, -2)).softmax(-1) @ v


FUSED = F.scaled_dot_product_attention
if DEVICE == "cpu":
    F.scaled_dot_product_attention = plain_attention


def optimizers(unet: torch.nn.Module, text: torch.nn.Module) -> list[torch.optim.Optimizer]:
    """Muon for the matrices inside, AdamW for embeddings, vectors, first and last layer."""
    inner, outer = [], []
    for name, p in [*unet.named_parameters(), *text.named_parameters()]:
        edge = "token_embedding" in name or "position_embedding" in name or "conv_in" in name or "conv_out" in name
        matrix = p.ndim >= 2 and min(p.shape[0], p.numel() // p.shape[0]) >= 16
        (inner if matrix and not edge else outer).append(p)
    return [Muon(inner), torch.optim.AdamW(outer, betas=(0.9, 0.99), weight_decay=1e-3)]


def draw_timesteps(twin: torch.Tensor, pure: float) -> torch.Tensor:
    """(B,): a share `pure` is noise alone, where the words decide everything; half of the rest is where place and motion form."""
    count = len(twin)
    t = torch.where(torch.rand(count) < 0.55, torch.randint(1000, (count,)), torch.randint(600, 1000, (count,)))
    t[torch.rand(count) < pure] = LAST
    return t[twin]


def train_unet(out: Path, args: argparse.Namespace) -> None:
    rng = random.Random()
    vocab = write_tokenizer(out / "tokenizer")
    tokenizer = CLIPTokenizer.from_pretrained(out / "tokenizer")
    batches, shares = Batches(out / "latents", rng), signal_shares().to(DEVICE)
    unet, text = new_unet().to(DEVICE).eval(), new_text_encoder(vocab).to(DEVICE).eval()
    probes = PositionProbes(unet).to(DEVICE)
    params = [*unet.parameters(), *text.parameters()]
    opts = optimizers(unet, text)
    probe_opt = torch.optim.AdamW(probes.parameters(), lr=5e-3, weight_decay=0.0)
    ema, step, state = [p.detach().clone() for p in params], 0, out / "state.pt"
    parts = dict(unet=unet, text=text, probes=probes, muon=opts[0], adam=opts[1], probe_opt=probe_opt)
    if state.exists():
        blob = torch.load(state, map_location=DEVICE)
        for name, part in parts.items():
            if name in blob:
                part.load_state_dict(blob[name])
        step, ema = blob.get("step", 0), blob.get("ema") or [p.detach().clone() for p in params]

    def save() -> None:
        torch.save(dict({name: part.state_dict() for name, part in parts.items()}, ema=ema, step=step), out / "state.tmp")
        (out / "state.tmp").rename(state)
        live = [p.detach().clone() for p in params]
        for p, average in zip(params, ema):
            p.data.copy_(average)
        write_checkpoint(out, unet, text)
        for p, own in zip(params, live):
            p.data.copy_(own)

    first, running, decay = step, defaultdict(list), int(args.steps * 0.8)
    while step < args.steps:
        _, frames, count = rng.choices(MIX, [m[0] for m in MIX])[0]
        z, captions, twin = batches.draw(frames, count * args.batch)
        z, t, noise = z.to(DEVICE), draw_timesteps(twin, args.pure).to(DEVICE), torch.randn_like(z)[twin].to(DEVICE)
        a = shares[t].view(-1, 1, 1, 1, 1)
        noisy, target = a.sqrt() * z + (1 - a).sqrt() * noise, a.sqrt() * noise - (1 - a).sqrt() * z
        ids = tokenizer(captions, padding="max_length", max_length=TOKENS, truncation=True, return_tensors="pt").input_ids
        with torch.autocast(DEVICE, torch.bfloat16):
            pred = unet(noisy, t, encoder_hidden_states=text(ids.to(DEVICE))[0]).sample
        loss = F.mse_loss(pred.float(), target)
        place = probes.loss(frames) if frames > 1 else torch.zeros((), device=DEVICE)
        for opt in (*opts, probe_opt):
            opt.zero_grad(set_to_none=True)
        (loss + args.place * place).backward()
        torch.nn.utils.clip_grad_norm_(params, 1.0)
        fall = 0.5 * (1 + math.cos(math.pi * max(0, step - decay) / (args.steps - decay)))
        for opt in opts:
            for group in opt.param_groups:
                group["lr"] = args.lr * fall * min(1.0, (step - first + 1) / 50)
            opt.step()
        probe_opt.step()
        step += 1
        with torch.no_grad():
            torch._foreach_lerp_(ema, [p.data for p in params], 1 - min(args.ema, (1 + step) / (10 + step)))
        running[frames].append(loss.item())
        running["place"].append(place.item())
        if step % 50 == 0:
            print(f"unet {step}:", {k: round(sum(v) / len(v), 4) for k, v in running.items()}, flush=True)
            running.clear()
        if step % 200 == 0:
            save()
    save()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stage", choices=("vae", "latents", "unet"))
    parser.add_argument("out", type=Path)
    parser.add_argument("--minutes", type=float, default=60, help="vae: how long")
    parser.add_argument("--videos", type=int, default=2000, help="latents: how many, in files of 250")
    parser.add_argument("--seed", type=int, default=2026, help="latents: which")
    parser.add_argument("--steps", type=int, default=20000, help="unet: where to end, counted from the beginning")
    parser.add_argument("--batch", type=int, default=1, help="unet: factor on the videos per step; 16 to 32 on a GPU")
    parser.add_argument("--lr", type=float, default=1.5e-3)
    parser.add_argument("--ema", type=float, default=0.99)
    parser.add_argument("--pure", type=float, default=0.4, help="unet: share of samples that start from noise alone")
    parser.add_argument("--place", type=float, default=0.5, help="unet: weight of the place-in-time probes")
    parser.add_argument("--threads", type=int, default=0, help="1 is fastest on a CPU that others use too")
    args = parser.parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    args.out.mkdir(parents=True, exist_ok=True)
    if args.stage == "vae":
        train_vae(args.out, args.minutes)
    elif args.stage == "latents":
        encode_videos(args.out, args.videos, args.seed)
    else:
        train_unet(args.out, args)


if __name__ == "__main__":
    main()
