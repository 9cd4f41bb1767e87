"""The demo checkpoint's parts at their sizes, untrained, and the folder they are saved as.

Every part is a class of diffusers or transformers with a small config, so whatever reads
damo-vilab/text-to-video-ms-1.7b reads this too.
"""
from __future__ import annotations

import json
from pathlib import Path

import torch
from diffusers import AutoencoderKL, DDIMScheduler, UNet3DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel

from tokenizer import END, PAD, START, TOKENS

SIZE, FRAMES, LATENT = 128, 16, 16


def new_vae() -> AutoencoderKL:
    return AutoencoderKL(in_channels=3, out_channels=3, latent_channels=4, sample_size=SIZE, scaling_factor=1.0,
                         down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4,
                         block_out_channels=(16, 32, 64, 64), layers_per_block=1, norm_num_groups=8)


def new_unet() -> UNet3DConditionModel:
    return UNet3DConditionModel(sample_size=LATENT, block_out_channels=(32, 64, 64, 64), layers_per_block=1, norm_num_groups=8,
                                attention_head_dim=16, cross_attention_dim=128)


def new_text_encoder(vocab: dict[str, int]) -> CLIPTextModel:
    return CLIPTextModel(CLIPTextConfig(
        vocab_size=len(vocab), hidden_size=128, intermediate_size=256, num_hidden_layers=3, num_attention_heads=4, hidden_act="gelu",
        max_position_embeddings=TOKENS, projection_dim=128, bos_token_id=vocab[START], eos_token_id=vocab[END], pad_token_id=vocab[PAD]))


def new_scheduler() -> DDIMScheduler:
    """The family's noise schedule, shifted so that its last step is noise alone, and sampled from that step on.

    With the schedule as published the last step still holds 0.5% of the video: enough for the model to see which way
    things move, so it would never learn to take that from the words (Lin et al. 2023, arXiv 2305.08891).
    """
    return DDIMScheduler(beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", clip_sample=False, set_alpha_to_one=False,
                         steps_offset=1, prediction_type="v_prediction", rescale_betas_zero_snr=True, timestep_spacing="trailing")


def signal_shares() -> torch.Tensor:
    """alphas_cumprod (1000,); exactly 0 at the last step."""
    shares = new_scheduler().alphas_cumprod.clone()
    shares[-1] = 0
    return shares


def write_checkpoint(out: Path, unet: UNet3DConditionModel, text: CLIPTextModel) -> None:
    """The folder in the diffusers layout; vae/ and tokenizer/ are there already."""
    unet.save_pretrained(out / "unet")
    text.save_pretrained(out / "text_encoder")
    new_scheduler().save_pretrained(out / "scheduler")
    parts = dict(scheduler=DDIMScheduler, text_encoder=CLIPTextModel, unet=UNet3DConditionModel, vae=AutoencoderKL)
    index = {name: ["transformers" if part is CLIPTextModel else "diffusers", part.__name__] for name, part in parts.items()}
    index["tokenizer"] = ["transformers", "CLIPTokenizer"]
    index = {"_class_name": "TextToVideoSDPipeline", "_diffusers_version": "0.15.0.dev0", **dict(sorted(index.items()))}
    (out / "model_index.json").write_text(json.dumps(index, indent=2))
