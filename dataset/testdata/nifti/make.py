"""Writes small NIfTI volumes with nibabel, and what nibabel reads of them.

    python3 make.py DATA/nifti    # nibabel 5.4, NumPy 2.4
"""
import json
import pathlib
import sys

import nibabel as nib
import numpy as np

here = pathlib.Path(__file__).parent
r = np.random.default_rng(5)
turned = np.array([[0.1, -2, 0.05, 10], [0.2, 0.1, -3, -5], [1.5, 0.1, 0.2, 7], [0, 0, 0, 1]])
plain = np.diag([2.0, 2, 2, 1])


def write(name, a, affine, cls=nib.Nifti1Image, scale=None, endian="<", form="s"):
    image = cls(a, affine, dtype=a.dtype)
    h = image.header
    if endian == ">":
        image = cls(a, affine, h.__class__(endianness=">"), dtype=a.dtype)
        image.header.set_data_dtype(a.dtype.newbyteorder(">"))
    if form == "q":
        image.set_sform(None, 0)
        image.set_qform(affine, 1)
    elif form == "none":
        image.set_sform(None, 0)
        image.set_qform(None, 0)
    else:
        image.set_sform(affine, 1)
    nib.save(image, here / name)
    if scale:  # nibabel would rescale: the numbers are put where the header has them
        raw = bytearray((here / name).read_bytes())
        raw[112:120] = np.array(scale, "<f4").tobytes()
        (here / name).write_bytes(raw)


shape = (3, 4, 5)
integers = lambda kind: r.integers(0 if kind[0] == "u" else -100, 120, shape).astype(kind)
for kind in ["uint8", "int8", "int16", "uint16", "int32", "uint32", "int64", "uint64"]:
    write(f"{kind}.nii", integers(kind), plain)
write("float32.nii", r.random(shape).astype("float32"), turned)
write("float64.nii.gz", r.random(shape), turned)
write("two.nii", r.random(shape).astype("float32"), turned, nib.Nifti2Image)
write("two_big.nii", integers("int16"), turned, nib.Nifti2Image, endian=">")
write("big.nii", integers("int16"), turned, endian=">")
write("scaled.nii", integers("int16"), plain, scale=(0.5, -3))
rotation = nib.quaternions.quat2mat([0.5, 0.5, -0.5, 0.5]) @ np.diag([2, 3, 4])
quat = np.eye(4)
quat[:3, :3], quat[:3, 3] = rotation, [1, 2, 3]
write("qform.nii", integers("int16"), quat, form="q")
flipped = quat.copy()
flipped[:3, 2] *= -1
write("qfac.nii", integers("int16"), flipped, form="q")
write("none.nii", integers("int16"), plain, form="none")
write("flat.nii", integers("uint8")[:, :, :1], plain)

facts = {}
jhu = pathlib.Path(sys.argv[1]) / "JHU-WhiteMatter-labels-2mm.nii.gz"
for path in sorted(here.glob("*.nii*")) + [jhu]:
    image = nib.load(path)
    lie = nib.as_closest_canonical(image)
    a = lie.get_fdata()
    if a.ndim == 2:
        a = a[:, :, None]
    facts[path.name] = {"affine": image.affine[:3].tolist(), "sum": float(a.sum())}
    for name, axis in [("sagittal", 0), ("coronal", 1), ("axial", 2)]:
        s = np.take(a, a.shape[axis] // 2, axis).T[::-1]
        facts[path.name][name] = {"shape": list(s.shape), "values": s.ravel().tolist() if s.size < 100 else None, "weighted": float((s.ravel() * (np.arange(s.size) % 97)).sum())}
(here / "refused").mkdir(exist_ok=True)
write("refused/series.nii", np.stack([integers("uint8"), integers("uint8")], 3), plain)  # 4-D, as of fMRI or diffusion
(here / "facts.json").write_text(json.dumps(facts) + "\n")
