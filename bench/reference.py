"""The other side of the benchmark: diffusers on the same checkpoint, one step at a time.

Started by bench/reference.ts with a Python whose environment has torch, diffusers, transformers and
safetensors. Reads one command a line from stdin and answers with one JSON object a line on stdout:
  step    one UNet forward over the inputs file; the last output is kept
  decode  the VAE over the `latents` of the inputs file, one frame after the other
  save    writes what step and decode produced to the output file
  quit    ends (as does the end of stdin)
The inputs file holds sample [B, C, F, H, W], timestep [B] and encoder_hidden_states [B, L, D].
"""

import argparse
import json
import sys
import time

try:
    import diffusers
    import torch
    from safetensors.torch import load_file, save_file
except ImportError as error:
    sys.exit(f"{sys.executable} cannot import {error.name}: install torch, diffusers, transformers and safetensors there")


def say(event, **fields):
    print(json.dumps({"event": event, **fields}), flush=True)


def high_water_bytes():
    """Peak resident memory of this process; 0 where there is no /proc."""
    try:
        with open("/proc/self/status") as status:
            return next((int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM")), 0)
    except OSError:
        return 0


class Bench:
    def __init__(self, options):
        self.options = options
        self.dtype = getattr(torch, options.dtype)
        self.inputs = load_file(options.inputs)
        self.outputs = {}
        self.vae = None
        start = time.perf_counter()
        self.unet = self.load(diffusers.UNet3DConditionModel, "unet")
        say(
            "ready",
            load_seconds=time.perf_counter() - start,
            versions={"torch": torch.__version__, "diffusers": diffusers.__version__},
            threads=torch.get_num_threads(),
            dtype=options.dtype,
        )

    def load(self, model, folder):
        return model.from_pretrained(
            self.options.checkpoint, subfolder=folder, variant=self.options.variant, torch_dtype=self.dtype, local_files_only=True
        ).eval()

    def timed(self, event, run):
        start = time.perf_counter()
        output = run()
        seconds = time.perf_counter() - start
        say(event, seconds=seconds, peak_bytes=high_water_bytes())
        return output.float().contiguous()

    def step(self):
        sample, prompt = (self.inputs[name].to(self.dtype) for name in ("sample", "encoder_hidden_states"))
        self.outputs["output"] = self.timed("step", lambda: self.unet(sample, self.inputs["timestep"], prompt).sample)

    def decode(self):
        if self.vae is None:
            self.vae = self.load(diffusers.AutoencoderKL, "vae")
        latents = self.inputs["latents"].to(self.dtype) / self.vae.config.scaling_factor
        frames = latents.permute(0, 2, 1, 3, 4).flatten(0, 1)
        self.outputs["frames"] = self.timed("decode", lambda: torch.cat([self.vae.decode(frame).sample for frame in frames.split(1)]))

    def save(self):
        save_file(self.outputs, self.options.output)
        say("save", path=self.options.output)


def parse_options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--inputs", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--variant")
    parser.add_argument("--dtype", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--threads", type=int)
    return parser.parse_args()


def main():
    options = parse_options()
    if options.threads:
        torch.set_num_threads(options.threads)
    with torch.inference_mode():
        bench = Bench(options)
        commands = {"step": bench.step, "decode": bench.decode, "save": bench.save}
        for line in sys.stdin:
            command = line.strip()
            if command == "quit":
                break
            if command not in commands:
                sys.exit(f"unknown command {command!r}: {', '.join(commands)} or quit is expected")
            commands[command]()
    say("end", peak_bytes=high_water_bytes())


main()
