"""Makes the fixtures that the readers and filters of signals are held against.

    pip install wfdb==4.3.1 scipy==1.17.1 numpy pyedflib==0.1.42
    python make.py FOLDER_OF_MITDB SCIPY_ECG.DAT

wfdb (PhysioNet's own) writes small records in each format, with annotations, and reads the
given ones; scipy filters and resamples; pyedflib writes an EDF+ file.
"""

import collections
import datetime
import json
import os
import sys

import numpy as np
import pyedflib
import scipy.ndimage
import scipy.signal
import wfdb

mitdb, ecg = sys.argv[1:]
here = os.path.dirname(os.path.abspath(__file__))
os.chdir(here)
rng = np.random.default_rng(5)
facts = {"records": {}, "mitdb": {}, "filters": [], "medians": [], "resampled": []}



def write(name, fmt, digital):
    flat = digital.reshape(-1).astype("int64")
    if fmt == "61":
        data = flat.astype(">i2").tobytes()
    elif fmt == "160":
        data = (flat + 32768).astype("<u2").tobytes()
    else:
        data = bytearray()
        for one, two in flat.reshape(-1, 2) & 0xFFF:
            data += bytes([one & 255, one >> 8 | two >> 8 << 4, two & 255])
    with open(name + ".dat", "wb") as f:
        f.write(bytes(data))
    with open(name + ".hea", "w") as f:
        f.write(f"{name} 2 250 {len(digital)}\n")
        for k, (gain, description) in enumerate([("200.5(12)/mV", "first lead"), ("10(-3)/uV", "V1")]):
            checksum = int(digital[:, k].sum() + 32768) % 65536 - 32768
            f.write(f"{name}.dat {fmt} {gain} 12 0 {digital[0, k]} {checksum} 0 {description}\n")


for fmt, bits in [("16", 16), ("24", 24), ("32", 32), ("61", 16), ("80", 8), ("160", 16), ("212", 12)]:
    top = 2 ** (bits - 1) - 1
    digital = rng.integers(-top, top, (27, 2), endpoint=True)
    digital[0] = [top, -top]
    name = "f" + fmt
    if fmt in ("16", "24", "32", "80"):
        wfdb.wrsamp(name, fs=250, units=["mV", "uV"], sig_name=["first lead", "V1"], fmt=[fmt, fmt],
                    d_signal=digital.astype("int64"), adc_gain=[200.5, 10], baseline=[12, -3],
                    comments=["Age: 61 Sex: female"])
    else:  # wfdb reads these, and doesn't write them
        write(name, fmt, digital)
    r = wfdb.rdrecord(name)
    facts["records"][name] = r.p_signal.tolist()
wfdb.wrann("f16", "atr", np.array([1, 2, 5, 20, 26]), symbol=["+", "N", "V", "A", "~"],
           aux_note=["(N", "", "", "an odd", ""])
far = np.array([100, 5000, 5001, 1000000])
wfdb.wrann("far", "atr", far, symbol=["N", "/", "F", "Q"], aux_note=["", "", "pair", ""], subtype=np.array([0, 1, 0, 2]),
           chan=np.array([0, 0, 1, 1]), num=np.array([0, 0, 3, 3]))
facts["far"] = far.tolist()

for file in sorted(os.listdir(mitdb)):
    if file.endswith(".hea"):
        name = file[:-4]
        r = wfdb.rdrecord(os.path.join(mitdb, name), physical=True)
        a = wfdb.rdann(os.path.join(mitdb, name), "atr")
        x = r.p_signal
        facts["mitdb"][name] = {
            "channels": r.sig_name, "sums": x.sum(0).tolist(), "squares": (x * x).sum(0).tolist(), "last": x[-1].tolist(),
            "notes": len(a.sample), "symbols": collections.Counter(a.symbol), "samples": int(a.sample.sum()),
            "rhythms": collections.Counter(s.strip("\x00") for s in a.aux_note if s.startswith("(")),
        }
e = np.load(ecg)["ecg"]
facts["ecg"] = {"length": len(e), "first": e[:5].tolist(), "sum": int(e.astype("int64").sum()), "squares": int((e.astype("int64") ** 2).sum())}

x = rng.normal(size=300).cumsum()
facts["signal"] = x.tolist()
for low, high, order, phase in [(0, 40, 2, "zero"), (0.5, 0, 2, "zero"), (0.5, 40, 2, "zero"), (0.5, 40, 3, "zero"), (5, 15, 1, "zero"),
                                (0, 30, 3, "zero"), (0.67, 0, 5, "zero"), (0.5, 40, 8, "zero"), (0, 40, 4, "causal"), (1, 30, 3, "causal")]:
    band = [f for f in (low, high) if f]
    kind = "bandpass" if len(band) == 2 else "lowpass" if high else "highpass"
    sos = scipy.signal.butter(order, band if len(band) > 1 else band[0], kind, fs=360, output="sos")
    if phase == "zero":
        y = scipy.signal.sosfiltfilt(sos, x)
    else:
        y, _ = scipy.signal.sosfilt(sos, x, zi=scipy.signal.sosfilt_zi(sos) * x[0])
    facts["filters"].append({"low": low, "high": high, "order": order, "phase": phase, "y": y.tolist()})
for window in (1, 5, 73):
    facts["medians"].append({"window": window, "y": scipy.ndimage.median_filter(x, window, mode="nearest").tolist()})
for up, down in ((25, 72), (25, 36), (5, 2), (1, 3), (2, 1)):
    facts["resampled"].append({"up": up, "down": down, "y": scipy.signal.resample_poly(x, up, down).tolist()})

edf = pyedflib.EdfWriter("small.edf", 2, file_type=pyedflib.FILETYPE_EDFPLUS)
edf.setPatientCode("P7")
edf.setSex(0)
edf.setSignalHeaders([
    {"label": "EEG Fpz-Cz", "dimension": "uV", "sample_frequency": 50, "physical_max": 192.0, "physical_min": -192.0, "digital_max": 2047, "digital_min": -2048, "transducer": "", "prefilter": ""},
    {"label": "Resp", "dimension": "", "sample_frequency": 10, "physical_max": 100.0, "physical_min": -50.0, "digital_max": 32767, "digital_min": -32768, "transducer": "", "prefilter": ""},
])
eeg, resp = rng.normal(0, 50, 50 * 6), rng.normal(20, 5, 10 * 6)
edf.writeSamples([eeg, resp])
edf.writeAnnotation(0, 2, "Sleep stage W")
edf.writeAnnotation(2, 4, "Sleep stage 2")
edf.writeAnnotation(2.5, -1, "arousal")
edf.close()
r = pyedflib.EdfReader("small.edf")
facts["edf"] = {"labels": r.getSignalLabels(), "rates": [r.getSampleFrequency(i) for i in range(2)], "signals": [r.readSignal(i).tolist() for i in range(2)],
                "annotations": [[float(a), float(b), str(c)] for a, b, c in zip(*r.readAnnotations())]}

# Chains of records: fixed has the same signals throughout, vary some of its layout's in each
# segment and a stretch without any; the first signal of skew was recorded three samples late.
with open("fixed.hea", "w") as f:
    f.write("fixed/3 2 250 81\nf16 27\nf212 27\nf24 27\n")
for name, signals in {"vary_1": ["V", "I"], "vary_2": ["II"], "vary_3": ["I", "II", "V"]}.items():
    n = {"vary_1": 20, "vary_2": 15, "vary_3": 12}[name]
    wfdb.wrsamp(name, fs=250, units=["mV"] * len(signals), sig_name=signals, fmt=["16"] * len(signals),
                d_signal=rng.integers(-900, 900, (n, len(signals))), adc_gain=[100 + n] * len(signals), baseline=[n] * len(signals))
with open("vary_layout.hea", "w") as f:
    f.write("vary_layout 3 250 0\n" + "".join(f"~ 0 200/mV 0 0 0 0 0 {s}\n" for s in ["I", "II", "V"]))
with open("vary.hea", "w") as f:
    f.write("vary/6 3 250 67\nvary_layout 0\nvary_1 20\n~ 10\nvary_2 15\n~ 10\nvary_3 12\n# Age: 44 Sex: male\n")
with open("skew.hea", "w") as f:
    lines = open("f16.hea").read().splitlines()
    f.write("\n".join(["skew 2 250 27", lines[1].replace(" 16 ", " 16:3 ", 1), lines[2]]) + "\n")
facts["chains"] = {}
for name in ["fixed", "vary", "skew"]:
    r = wfdb.rdrecord(name)
    facts["chains"][name] = {"channels": r.sig_name, "signals": [[None if np.isnan(x) else x for x in row] for row in r.p_signal.tolist()]}

bdf = pyedflib.EdfWriter("small.bdf", 1, file_type=pyedflib.FILETYPE_BDFPLUS)
bdf.setStartdatetime(datetime.datetime(2002, 3, 2, 22, 10))
bdf.setPatientCode("P8")
bdf.setSex(1)
bdf.setSignalHeaders([{"label": "Cz", "dimension": "uV", "sample_frequency": 40, "physical_max": 262143, "physical_min": -262144, "digital_max": 8388607, "digital_min": -8388608, "transducer": "", "prefilter": ""}])
bdf.writeSamples([rng.normal(0, 90000, 40 * 4)])
bdf.writeAnnotation(0, 2, "eyes open")
bdf.writeAnnotation(2, 2, "eyes closed")
bdf.close()
r = pyedflib.EdfReader("small.bdf")
facts["bdf"] = {"signal": r.readSignal(0).tolist()}
r.close()

with open("facts.json", "w") as f:
    json.dump(facts, f)
