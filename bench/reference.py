"""The other side of the benchmark: diffusers on the same checkpoint, one piece of work at a time.

Started by bench/reference.ts with a Python whose environment has torch, diffusers, transformers and
safetensors. Reads one command a line from stdin and answers with one JSON object a line on stdout:
  step    one UNet forward; the VAE's decoder over the next frame; the text encoder over all texts;
          or, of `generate`, what comes next in a whole run: the texts, each step, each frame
  save    writes what the steps produced to the output file: `output`, frames in order
  quit    ends (as does the end of stdin)
Only the part that is asked for is loaded, for `generate` all of them, as TextToVideoSDPipeline does. The
inputs file holds, for the unet, sample [B, C, F, H, W], timestep [B] and encoder_hidden_states [B, L, D];
for the vae, latents [1, C, F, H, W]; for the text encoder, input_ids [B, L]; for `generate`, input_ids
(the negative prompt first where there is guidance) and latents.
"""

import argparse
import json
import sys
import time

started = time.perf_counter()
try:
    import diffusers
    import torch
    import transformers
    from safetensors.torch import load_file, save_file
except ImportError as error:
    sys.exit(f"{sys.executable} cannot import {error.name}: install torch, diffusers, transformers and safetensors there")
import_seconds = time.perf_counter() - started


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
        return as_frames(self.model.decode(latents / self.model.config.scaling_factor).sample)


class TextEncoder:
    def __init__(self, options, dtype):
        self.model = load(transformers.CLIPTextModel, "text_encoder", options, dtype)
        self.steps = [(load_file(options.inputs)["input_ids"],)]

    def __call__(self, input_ids):
        return torch.cat([self.model(row)[0] for row in input_ids.split(1)])


class Generate:
    """TextToVideoSDPipeline's loop, cut into its pieces; frames are decoded one by one (VAE slicing)."""

    def __init__(self, options, dtype):
        self.guidance = options.guidance
        self.text_encoder = load(transformers.CLIPTextModel, "text_encoder", options, dtype)
        self.unet = load(diffusers.UNet3DConditionModel, "unet", options, dtype)
        self.vae = load(diffusers.AutoencoderKL, "vae", options, dtype)
        with open(f"{options.checkpoint}/scheduler/scheduler_config.json") as file:
            config = json.load(file)
        self.scheduler = getattr(diffusers, config["_class_name"]).from_config(config)
        self.scheduler.set_timesteps(options.steps)
        inputs = load_file(options.inputs)
        self.input_ids = inputs["input_ids"]
        self.latents = inputs["latents"].to(dtype) * self.scheduler.init_noise_sigma
        frames = range(self.latents.shape[2])
        self.steps = [("text", 0), *(("step", t) for t in self.scheduler.timesteps), *(("frame", i) for i in frames)]

    def __call__(self, phase, value):
        return getattr(self, phase)(value)

    def text(self, _):
        self.prompt = torch.cat([self.text_encoder(row)[0] for row in self.input_ids.split(1)])

    def step(self, t):
        guided = self.guidance > 1
        sample = torch.cat([self.latents] * 2) if guided else self.latents
        noise = self.unet(self.scheduler.scale_model_input(sample, t), t, self.prompt).sample
        if guided:
            unconditional, conditional = noise.chunk(2)
            noise = unconditional + self.guidance * (conditional - unconditional)
        batch, channels, frames, height, width = self.latents.shape
        flat = [x.permute(0, 2, 1, 3, 4).reshape(batch * frames, channels, height, width) for x in (noise, self.latents)]
        stepped = self.scheduler.step(flat[0], t, flat[1]).prev_sample
        self.latents = stepped.reshape(batch, frames, channels, height, width).permute(0, 2, 1, 3, 4)

    def frame(self, index):
        as_frames(self.vae.decode(self.latents[:, :, index] / self.vae.config.scaling_factor).sample)


PARTS = {"unet": UNet, "vae": Vae, "text_encoder": TextEncoder, "generate": Generate}


def as_frames(image):
    """[B, 3, H, W] in about [-1, 1] -> RGB in [0, 1], [B, H, W, 3], as the pipelines hand it out."""
    return (image.float() / 2 + 0.5).clamp(0, 1).permute(0, 2, 3, 1)


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
            import_seconds=import_seconds,
            load_seconds=time.perf_counter() - start,
            versions={"torch": torch.__version__, "diffusers": diffusers.__version__},
            pieces=len(self.part.steps),
            threads=torch.get_num_threads(),
            dtype=options.dtype,
        )

    def step(self):
        index = self.count % len(self.part.steps)
        self.count += 1
        start = time.perf_counter()
        output = self.part(*self.part.steps[index])
        seconds = time.perf_counter() - start
        if output is not None:
            self.outputs[index] = output.float()
        phase = self.part.steps[index][0] if self.options.part == "generate" else self.options.part
        say("step", phase=phase, seconds=seconds, peak_bytes=high_water_bytes())

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
    parser.add_argument("--steps", type=int, default=25)
    parser.add_argument("--guidance", type=float, default=9)
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
