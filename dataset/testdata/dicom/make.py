"""Says what pydicom reads of real DICOM files.

    python3 make.py DATA/dicom    # pydicom 3.0.2, NumPy 2.4, Pillow 13
"""
import json
import pathlib
import sys
import warnings

import numpy as np
import pydicom
from pydicom.pixels import apply_modality_lut, apply_windowing

warnings.simplefilter("ignore")
here = pathlib.Path(__file__).parent
facts = {}
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.dcm")):
    try:
        d = pydicom.dcmread(path)
        a = apply_modality_lut(d.pixel_array, d).astype(float)
    except Exception as e:
        facts[path.name] = {"error": type(e).__name__}
        continue
    rows = a.reshape(-1)
    fact = {"shape": list(a.shape), "sum": float(rows.sum()), "squares": float((rows**2).sum()), "weighted": float((rows * (np.arange(rows.size) % 97)).sum()), "first": rows[:40].tolist(),
            "patient": str(d.get("PatientID", "")), "sex": str(d.get("PatientSex", ""))}
    if "WindowCenter" in d:
        d.VOILUTFunction = "LINEAR"
        w = apply_windowing(apply_modality_lut(d.pixel_array, d), d)
        signed = d.PixelRepresentation == 1
        low, high = (-(2 ** (d.BitsStored - 1)), 2 ** (d.BitsStored - 1) - 1) if signed else (0, 2**d.BitsStored - 1)
        w = (w - low) / (high - low)
        fact["window"] = float(w.sum())
    facts[path.name] = fact
(here / "facts.json").write_text(json.dumps(facts, indent=1) + "\n")
