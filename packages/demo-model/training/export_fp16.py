"""Publish a trained folder: python export_fp16.py TRAINED OUT

Weights become float16 under the family's `fp16` variant names; text encoder keys get their `text_model.` prefix,
which recent transformers leave out and older readers expect.
"""
from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from safetensors.torch import load_file, save_file

WEIGHTS = {"unet": "diffusion_pytorch_model", "vae": "diffusion_pytorch_model", "text_encoder": "model"}


def export(source: Path, out: Path) -> None:
    for part, stem in WEIGHTS.items():
        (out / part).mkdir(parents=True, exist_ok=True)
        config = json.loads((source / part / "config.json").read_text())
        config.pop("_name_or_path", None)
        (out / part / "config.json").write_text(json.dumps(config, indent=2) + "\n")
        weights = {k: v.half() if v.is_floating_point() else v for k, v in load_file(source / part / f"{stem}.safetensors").items()}
        if part == "text_encoder":
            weights = {"text_model." + k.removeprefix("text_model."): v for k, v in weights.items()}
        save_file(weights, out / part / f"{stem}.fp16.safetensors", metadata={"format": "pt"})
    for part in ("tokenizer", "scheduler"):
        shutil.copytree(source / part, out / part, dirs_exist_ok=True)
    shutil.copy(source / "model_index.json", out)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    export(Path(sys.argv[1]), Path(sys.argv[2]))
