#!/usr/bin/env python3
"""Multiply matrices with the BLAS behind numpy and print how fast, as `medml bench engine
--model sgemm… --json` does: one object a line.

  blas_peer.py [--threads N] [--seconds S] sgemm512 sgemm32x784x64tn …

The names are medml's: M, N and K; tn has the first matrix stored transposed, nt the second.
"""
import argparse
import ctypes
import json
import os
import statistics
import time


def shape(name):
    """Returns m, n, k and which matrix is stored transposed."""
    sizes, form = name.removeprefix("sgemm"), ""
    if sizes[-2:] in ("tn", "nt"):
        sizes, form = sizes[:-2], sizes[-2:]
    n = [int(s) for s in sizes.split("x")]
    return (*(n * 3 if len(n) == 1 else n), form)


def library():
    """Names the BLAS that this process has loaded, as far as it tells."""
    with open("/proc/self/maps") as f:
        paths = {line.split()[-1] for line in f if "blas" in line or "mkl" in line}
    for path in sorted(paths):
        for symbol in ("openblas_get_config", "scipy_openblas_get_config64_", "openblas_get_config64_"):
            try:
                get = getattr(ctypes.CDLL(path), symbol)
            except (OSError, AttributeError):
                continue
            get.restype = ctypes.c_char_p
            return " ".join(get().decode().split()[:2])
    return "numpy's BLAS"


def rate(np, name, seconds, now):
    """Returns products a second, the median of windows."""
    m, n, k, form = shape(name)
    rng = np.random.default_rng(1)
    a = rng.random((k, m) if form == "tn" else (m, k), dtype=np.float32)
    b = rng.random((n, k) if form == "nt" else (k, n), dtype=np.float32)
    a, b = a.T if form == "tn" else a, b.T if form == "nt" else b
    c = np.empty((m, n), dtype=np.float32)
    for _ in range(3):
        np.matmul(a, b, out=c)
    # The clock is read once for so many products, so that it doesn't weigh on small ones.
    chunk = max(1, int(1e7 // (2 * m * n * k)))
    rates, begin = [], now()
    while now() - begin < seconds:
        done, start = 0, now()
        while now() - start < min(0.5, seconds / 8):
            for _ in range(chunk):
                np.matmul(a, b, out=c)
            done += chunk
        rates.append(done / (now() - start))
    return statistics.median(rates), 2e-9 * m * n * k


def main():
    p = argparse.ArgumentParser()
    p.add_argument("names", nargs="+")
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--seconds", type=float, default=1)
    p.add_argument("--cpu-time", action="store_true", help="measure by the process's processor time")
    o = p.parse_args()
    now = time.process_time if o.cpu_time else time.perf_counter
    for v in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[v] = str(o.threads)  # read when the library is loaded
    import numpy as np
    for name in o.names:
        r, gflop = rate(np, name, o.seconds, now)
        print(json.dumps({"engine": "BLAS", "library": library(), "model": name, "threads": o.threads, "samples_per_s": round(r, 1),
                          "gflops": round(r * gflop, 2)}), flush=True)


if __name__ == "__main__":
    main()
