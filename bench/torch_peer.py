#!/usr/bin/env python3
"""Train an anchor model of nn/anchor in PyTorch on the CPU and print how fast, as
`medml bench engine --json` does: one object on a line.

  torch_peer.py MODEL [--threads N] [--seconds S] [--tuned] [--flush-denormals] [--cpu-time]

Float32, Adam at 0.001, one fixed batch of 32. --tuned sets channels_last, which is what
PyTorch's documentation advises for convolutions on CPUs; the allocator is tuned by the
environment, see compare.py. The models are said twice, here and in nn/anchor, in two
libraries' words: a change goes into both.
"""
import argparse
import json
import statistics
import time

import torch
from torch import nn
from torch.nn import functional as F

BATCH = 32
WARMUP = 3
WINDOW = 0.5  # seconds that one rate is taken over


class Recurrent(nn.Module):
    """Three LSTM layers of 64 units; the last step's state to one number."""

    def __init__(self):
        super().__init__()
        self.layers = nn.LSTM(input_size=1, hidden_size=64, num_layers=3, batch_first=True)
        self.out = nn.Linear(64, 1)

    def forward(self, x):
        states, _ = self.layers(x)
        return self.out(states[:, -1])


def block(i, o):
    return [nn.Conv2d(i, o, kernel_size=3), nn.ReLU(), nn.MaxPool2d(2)]


def cnn150():
    layers = block(3, 32) + block(32, 64) + block(64, 128)
    layers += [nn.Flatten(), nn.Linear(17 * 17 * 128, 512), nn.ReLU(), nn.Linear(512, 10)]
    return nn.Sequential(*layers), torch.rand(BATCH, 3, 150, 150), torch.randint(10, (BATCH,)), F.cross_entropy


def cnn28():
    layers = block(1, 16) + block(16, 32)
    layers += [nn.Flatten(), nn.Linear(5 * 5 * 32, 64), nn.ReLU(), nn.Linear(64, 2)]
    return nn.Sequential(*layers), torch.rand(BATCH, 1, 28, 28), torch.randint(2, (BATCH,)), F.cross_entropy


def lstm100():
    return Recurrent(), torch.rand(BATCH, 100, 1), torch.rand(BATCH, 1), F.mse_loss


def ae784():
    sizes = [784, 64, 32, 64, 784]
    layers = []
    for i, o in zip(sizes, sizes[1:]):
        layers += [nn.Linear(i, o), nn.ReLU()]
    x = torch.rand(BATCH, 784)
    return nn.Sequential(*layers[:-1]), x, x, F.binary_cross_entropy_with_logits


MODELS = {f.__name__: f for f in (cnn150, cnn28, lstm100, ae784)}


def peak_mib():
    with open("/proc/self/status") as f:
        for line in f:
            if line.startswith("VmHWM:"):
                return round(int(line.split()[1]) / 1024, 1)
    return 0


def main():
    p = argparse.ArgumentParser()
    p.add_argument("model", choices=MODELS)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--seconds", type=float, default=6)
    p.add_argument("--tuned", action="store_true")
    p.add_argument("--flush-denormals", action="store_true", help="take tiny numbers as 0, which changes results")
    p.add_argument("--cpu-time", action="store_true", help="measure by the process's processor time")
    o = p.parse_args()
    now = time.process_time if o.cpu_time else time.perf_counter

    torch.set_flush_denormal(o.flush_denormals)
    torch.set_num_threads(o.threads)
    torch.manual_seed(0)
    model, x, target, loss = MODELS[o.model]()
    if o.tuned and x.dim() == 4:
        model, x = model.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)
    adam = torch.optim.Adam(model.parameters(), lr=1e-3)

    def step():
        adam.zero_grad(set_to_none=True)
        loss(model(x), target).backward()
        adam.step()

    for _ in range(WARMUP):
        step()
    rates, begin = [], now()
    width = min(WINDOW, o.seconds / 8)
    while now() - begin < o.seconds:
        n, start = 0, now()
        while now() - start < width:
            step()
            n += 1
        rates.append(n * BATCH / (now() - start))
    print(json.dumps({"engine": "PyTorch " + torch.__version__.split("+")[0], "model": o.model, "threads": o.threads,
                      "tuned": o.tuned, "samples_per_s": round(statistics.median(rates), 1), "rss_mib": peak_mib()}))


if __name__ == "__main__":
    main()
