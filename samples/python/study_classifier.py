#!/usr/bin/env python3
"""A classifier of one's own for `medgen study --classifier "python3 samples/python/study_classifier.py"`.

It gets --train (file, label, patient), --test (file), --out and --seed, and writes for each test file a probability of each label:
columns file, p_LABEL, ... A clip that was drawn twice is in the training table twice. This one is as small as can be: the nearest mean
picture. Needs numpy and ffmpeg.
"""
import argparse
import csv
import subprocess

import numpy as np

SIDE = 24


def picture(file):
    """Mean frame of a clip, grey, scaled to unit length."""
    raw = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", file, "-vf", f"scale={SIDE}:{SIDE}", "-pix_fmt", "gray", "-f", "rawvideo", "-"],
        check=True, capture_output=True, stdin=subprocess.DEVNULL).stdout
    mean = np.frombuffer(raw, np.uint8).reshape(-1, SIDE * SIDE).mean(0)
    mean = mean - mean.mean()
    return mean / max(np.linalg.norm(mean), 1e-9)


def read(path):
    with open(path, newline="", encoding="utf-8") as table:
        return list(csv.DictReader(table))


parser = argparse.ArgumentParser()
for name in ("--train", "--test", "--out"):
    parser.add_argument(name, required=True)
parser.add_argument("--seed", type=int, required=True)
asked = parser.parse_args()

train, test = read(asked.train), read(asked.test)
labels = sorted({row["label"] for row in train})
seen = {file: picture(file) for file in {row["file"] for row in train + test}}
means = {label: np.mean([seen[row["file"]] for row in train if row["label"] == label], axis=0) for label in labels}

with open(asked.out, "w", newline="", encoding="utf-8") as table:
    answers = csv.writer(table)
    answers.writerow(["file"] + [f"p_{label}" for label in labels])
    for row in test:
        scores = np.exp(10 * np.array([seen[row["file"]] @ means[label] for label in labels]))
        answers.writerow([row["file"]] + [f"{p:.6f}" for p in scores / scores.sum()])
