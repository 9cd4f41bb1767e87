"""The other side of the benchmark: diffusers on the same checkpoint, one step at a time.

Started by bench/reference.ts with a Python whose environment has torch, diffusers, transformers and
safetensors. Reads one command a line from stdin and answers with one JSON object a line on stdout:
  step    one UNet forward, or the VAE's decoder over the next frame of the latents
  save    writes what the steps produced to the output file: `output`, frames in order
  quit    ends (as does the end of stdin)
Only the part that is asked for is loaded. The inputs file holds, for the unet, sample [B, C, F, H, W],
timestep [B] and encoder_hidden_states [B, L, D]; for the vae, latents [1, C, F, H, W].
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


class UNet:
    def __init__(self, options, dtype):
        self.model = load(diffusers.UNet3DConditionModel, "unet", options, dtype)
        inputs = load_file(options.inputs)
        self.steps = [(inputs["sample"].to(dtype), inputs["timestep"], inputs["encoder_hidden_states"].to(dtype))]

    def __call__(self, sample, timestep, prompt):
        return self.model(sample, timestep, prompt).sample


class Vae:
    def __init__(self, options, dtype):
        self.model = load(diffusers.AutoencoderKL, "vae", options, dtype)
        latents = load_file(options.inputs)["latents"].to(dtype)
        self.steps = [(frame,) for frame in latents.permute(0, 2, 1, 3, 4).flatten(0, 1).split(1)]

    def __call__(self, latents):
        return self.model.decode(latents / self.model.config.scaling_factor).sample


PARTS = {"unet": UNet, "vae": Vae}


def load(model, folder, options, dtype):
    return model.from_pretrained(
        options.checkpoint, subfolder=folder, variant=options.variant, torch_dtype=dtype, local_files_only=True
    ).eval()


class Bench:
    def __init__(self, options):
        self.options = options
        self.outputs = {}
        self.count = 0
        start = time.perf_counter()
        self.part = PARTS[options.part](options, getattr(torch, options.dtype))
        say(
            "ready",
            load_seconds=time.perf_counter() - start,
            versions={"torch": torch.__version__, "diffusers": diffusers.__version__},
            threads=torch.get_num_threads(),
            dtype=options.dtype,
        )

    def step(self):
        index = self.count % len(self.part.steps)
        self.count += 1
        start = time.perf_counter()
        output = self.part(*self.part.steps[index])
        seconds = time.perf_counter() - start
        self.outputs[index] = output.float()
        say("step", seconds=seconds, peak_bytes=high_water_bytes())

    def save(self):
        save_file({"output": torch.cat([self.outputs[index] for index in sorted(self.outputs)])}, self.options.output)
        say("save", path=self.options.output)


def parse_options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--part", choices=list(PARTS), required=True)
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
        commands = {"step": bench.step, "save": bench.save}
        for line in sys.stdin:
            command = line.strip()
            if command == "quit":
                break
            if command not in commands:
                sys.exit(f"unknown command {command!r}: {', '.join(commands)} or quit is expected")
            commands[command]()
    say("end", peak_bytes=high_water_bytes())


main()
