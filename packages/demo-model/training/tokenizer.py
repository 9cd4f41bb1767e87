"""A CLIP tokenizer in which every word of the captions is one token; any other text falls back to bytes.

Byte-pair encoding with CLIP's byte alphabet, merged until the words of the vocabulary are whole.
"""
from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import shapes_data as data

TOKENS = 24
START, END, PAD = "<|startoftext|>", "<|endoftext|>", "!"


def byte_alphabet() -> list[str]:
    """CLIP's reversible byte -> printable character table, in CLIP's order."""
    keep = [*range(33, 127), *range(161, 173), *range(174, 256)]
    return [chr(b) for b in keep] + [chr(256 + i) for i in range(256 - len(keep))]


def merge(parts: list[str], pair: tuple[str, str]) -> list[str]:
    merged, i = [], 0
    while i < len(parts):
        joined = tuple(parts[i:i + 2]) == pair
        merged.append("".join(pair) if joined else parts[i])
        i += 2 if joined else 1
    return merged


def learn_merges(words: list[str]) -> list[tuple[str, str]]:
    """The most frequent pair is merged first, ties in alphabetical order, until every word is one piece."""
    split = [[*word[:-1], word[-1] + "</w>"] for word in words]
    merges = []
    while pairs := Counter(pair for parts in split for pair in zip(parts, parts[1:])):
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        split = [merge(parts, best) for parts in split]
    return merges


def write_tokenizer(folder: Path) -> dict[str, int]:
    """Writes the four files that CLIPTokenizer reads; returns token -> id."""
    merges, alphabet = learn_merges(data.vocabulary()), byte_alphabet()
    tokens = [*alphabet, *(c + "</w>" for c in alphabet), *dict.fromkeys("".join(m) for m in merges), START, END]
    vocab = {token: i for i, token in enumerate(tokens)}
    folder.mkdir(parents=True, exist_ok=True)
    special = lambda text: dict(content=text, lstrip=False, normalized=True, rstrip=False, single_word=False)
    names = dict(bos_token=START, eos_token=END, pad_token=PAD, unk_token=END)
    (folder / "vocab.json").write_text(json.dumps(vocab, ensure_ascii=False))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in merges))
    specials = {name: text if name == "pad_token" else special(text) for name, text in names.items()}
    (folder / "special_tokens_map.json").write_text(json.dumps(specials, indent=2))
    config = dict(names, add_prefix_space=False, do_lower_case=True, errors="replace", model_max_length=TOKENS, tokenizer_class="CLIPTokenizer")
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2))
    return vocab
