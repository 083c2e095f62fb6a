#!/usr/bin/env python3
"""Measure medml beside PyTorch and OpenBLAS on this machine and print markdown tables.

  bench/compare.py                                     the four models, one thread
  bench/compare.py --python /usr/bin/python3 --python ~/venv/bin/python
  bench/compare.py --trials 2                          two trainings at once
  bench/compare.py --threads 2 --model cnn150          one training on two threads
  bench/compare.py --products                          matrix products beside numpy's BLAS
  bench/compare.py --cpu-time                          by processor time: on a busy machine
  bench/compare.py --scaling                           medml: two trainings, or two threads, beside one

Everything runs in rounds, one engine after the other within a round, so that all see the
same weather. A cell has the median of the rounds and their span; a ratio is the median of
the rounds' ratios. Each --python is an interpreter with torch (or, for products, numpy).

Of PyTorch two forms run: as installed, and tuned: channels_last, an allocator that keeps
its memory (MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=-1), and OPENBLAS_CORETYPE set to what
the processor has, since older OpenBLAS don't know newer processors and take kernels for
very old ones.
"""
import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
MODELS = ["cnn150", "cnn28", "lstm100", "ae784"]
# Cubes, and what the models' layers ask for: forward, gradient of the kernel, of the input.
PRODUCTS = ["sgemm256", "sgemm512", "sgemm1024", "sgemm21904x32x27", "sgemm27x32x21904tn", "sgemm21904x27x32nt",
            "sgemm5184x64x288", "sgemm288x64x5184tn", "sgemm5184x288x64nt",
            "sgemm32x256x64", "sgemm64x256x32tn", "sgemm32x64x256nt", "sgemm32x64x784", "sgemm784x64x32tn", "sgemm32x784x64nt",
            "sgemm32x784x64", "sgemm64x784x32tn", "sgemm32x64x784nt",
            "sgemm32x512x36992", "sgemm36992x512x32tn", "sgemm32x36992x512nt"]
TUNED = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "-1"}


def options():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--medml", help="the binary; built from this tree if not given")
    p.add_argument("--python", action="append", help="an interpreter with torch; may be repeated (default python3)")
    p.add_argument("--model", action="append", help="a model or product; may be repeated (default all)")
    p.add_argument("--products", action="store_true", help="matrix products instead of models")
    p.add_argument("--scaling", action="store_true", help="medml alone: two trainings, and one on two threads, beside one")
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--seconds", type=float, default=3, help="of each run")
    p.add_argument("--threads", type=int, default=1, help="of each training")
    p.add_argument("--trials", type=int, default=1, help="trainings at once")
    p.add_argument("--cpu-time", action="store_true", help="rates by processor time; for one thread")
    p.add_argument("--cpus", help="processors to run on, as taskset -c has them (default the last ones)")
    p.add_argument("--raw", help="also write every measurement to this file, an object a line")
    o = p.parse_args()
    o.python = o.python or ["python3"]
    o.model = o.model or (PRODUCTS if o.products else MODELS)
    if not o.cpus:
        n, need = os.cpu_count(), 2 if o.scaling else o.threads * o.trials
        o.cpus = f"{max(0, n - need)}-{n - 1}"
    return o


def flags():
    """The processor's features, as Linux names them."""
    with open("/proc/cpuinfo") as f:
        return next((line.split(":")[1].split() for line in f if line.startswith("flags")), [])


def processor():
    with open("/proc/cpuinfo") as f:
        return next((line.split(":")[1].strip() for line in f if line.startswith("model name")), platform.processor())


def coretype():
    have = flags()
    return "SkylakeX" if "avx512f" in have else "Haswell" if "avx2" in have else "Prescott"


class Engine:
    """A command that prints measurements. copies are run at once and added up."""

    def __init__(self, name, command, env=(), copies=1):
        self.name, self.command, self.copies = name, command, copies
        # An OpenBLAS told of another machine's processor or cache would measure that.
        self.env = {k: v for k, v in os.environ.items() if k not in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")} | dict(env)

    def run(self, model, o, field=None):
        pin = ["taskset", "-c", o.cpus] if shutil.which("taskset") else []
        runs = [subprocess.Popen(pin + self.command(model), env=self.env, stdout=subprocess.PIPE, text=True)
                for _ in range(self.copies)]
        rows = []
        for r in runs:
            out, _ = r.communicate()
            if r.returncode != 0:
                sys.exit(f"{self.name}: {model}: exit status {r.returncode}")
            rows.append(json.loads(out.splitlines()[-1]))
        if field:
            return rows[0][field]
        whole = rows[0] | {"engine": self.name, "trials": o.trials}
        for key in ("samples_per_s", "rss_mib", "gflops"):
            if key in whole:
                whole[key] = sum(r[key] for r in rows)
        return whole


def version(python):
    code = "import torch; print(torch.__version__.split('+')[0])"
    return subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def engines(o, medml):
    """Ours first."""
    clock = ["--cpu-time"] if o.cpu_time else []
    def ours(threads, trials):
        return lambda m: [medml, "bench", "engine", "--json", "--model", m, "--seconds", str(o.seconds),
                          "--threads", str(threads), "--trials", str(trials)] + clock
    yield Engine("medml", ours(o.threads, o.trials))
    if o.scaling:
        yield Engine("medml, two trainings", ours(1, 2))
        yield Engine("medml, two threads", ours(2, 1))
        return
    flat = ["--threads", str(o.threads), "--seconds", str(o.seconds)] + clock
    for python in o.python:
        if o.products:
            peer = [python, os.path.join(HERE, "blas_peer.py")] + flat
            blas = Engine("BLAS", lambda m, peer=peer: peer + [m], {"OPENBLAS_CORETYPE": coretype()})
            blas.name = blas.run("sgemm8", o, "library")  # only a process that has loaded it knows
            yield blas
            continue
        name, peer = "PyTorch " + version(python), [python, os.path.join(HERE, "torch_peer.py")] + flat
        yield Engine(name, lambda m, peer=peer: peer + [m], copies=o.trials)
        yield Engine(name + " tuned", lambda m, peer=peer: peer + ["--tuned", m],
                     TUNED | {"OPENBLAS_CORETYPE": coretype()}, copies=o.trials)


def measure(o, found):
    """Returns {(model, engine): [row of each round]}."""
    rows, raw = {}, open(o.raw, "a") if o.raw else None
    for n in range(o.rounds):
        for model in o.model:
            for e in found:
                row = e.run(model, o)
                rows.setdefault((model, e.name), []).append(row)
                print(f"round {n + 1}: {model}, {e.name}: {row['samples_per_s']:.5g}", file=sys.stderr)
                if raw:
                    raw.write(json.dumps(row | {"round": n + 1}) + "\n")
                    raw.flush()
    return rows


def number(x):
    return f"{x:,.0f}" if x >= 100 else f"{x:.3g}"


def span(values, write=number):
    return f"{write(statistics.median(values))} ({write(min(values))}–{write(max(values))})"


def ratios(o, ours, theirs):
    """Ours over theirs; of scaling, the several over the one."""
    pairs = zip(theirs, ours) if o.scaling else zip(ours, theirs)
    return [a["samples_per_s"] / b["samples_per_s"] for a, b in pairs]


def table(o, found, rows):
    """Prints rates and ratios; of products GFLOP/s, of models also memory."""
    key = "gflops" if o.products else "samples_per_s"
    others = found[1:]
    head = ["product M×N×K" if o.products else "model", "medml"] + ([] if o.products else ["GFLOP/s"])
    head += [c for e in others for c in (e.name, "ratio")]
    print("| " + " | ".join(head) + " |")
    print("| --- " + "| ---: " * (len(head) - 1) + "|")
    for model in o.model:
        ours = rows[model, "medml"]
        cells = [model, span([r[key] for r in ours])]
        if not o.products:
            cells.append(number(statistics.median(r["gflops"] for r in ours)))
        for e in others:
            theirs = rows[model, e.name]
            cells += [span([r[key] for r in theirs]), "**" + span(ratios(o, ours, theirs), lambda x: f"{x:.2f}") + "**"]
        print("| " + " | ".join(cells) + " |")
    if o.products:
        return
    print("\n| peak memory, MiB | " + " | ".join(e.name for e in found) + " |")
    print("| --- " + "| ---: " * len(found) + "|")
    for model in o.model:
        memory = [statistics.median(r["rss_mib"] for r in rows[model, e.name]) for e in found]
        print(f"| {model} | " + " | ".join(f"{m:.0f}" for m in memory) + " |")


def peak(o, folder):
    """Returns what peak.c says of this machine, nothing without a compiler."""
    program, cc = os.path.join(folder, "peak"), shutil.which("cc")
    if not cc:
        return {}
    subprocess.run([cc, "-O3", "-march=native", "-o", program, os.path.join(HERE, "peak.c")], check=True)
    out = subprocess.run(["taskset", "-c", o.cpus.split("-")[0], program], check=True, capture_output=True, text=True).stdout
    return json.loads(out)


def main():
    o = options()
    with tempfile.TemporaryDirectory() as folder:
        medml = o.medml or os.path.join(folder, "medml")
        if not o.medml:
            subprocess.run(["go", "build", "-o", medml, "./cmd/medml"], cwd=os.path.dirname(HERE), check=True)
        print(f"{processor()}, {os.cpu_count()} processors, {platform.system()} {platform.release()}")
        for key, value in peak(o, folder).items():
            print(f"- one core: {key} {value}")
        print(f"- {o.threads} thread(s) a training, {o.trials} at once, processors {o.cpus}, {o.rounds} rounds of {o.seconds} s{' of processor time' if o.cpu_time else ''}\n", flush=True)
        found = list(engines(o, medml))
        table(o, found, measure(o, found))


if __name__ == "__main__":
    main()
