"""Writes small pictures of every kind with PIL, and what PIL reads and resizes of them.

    python3 make.py    # Pillow 13, NumPy 2.4
"""
import json
import pathlib

import numpy as np
from PIL import Image, ImageOps

here = pathlib.Path(__file__).parent
r = np.random.default_rng(3)
y, x = np.mgrid[0:5, 0:7]
rgb = np.stack([x * 36, y * 60, (x + y) * 20], -1).astype(np.uint8)
color, grey = Image.fromarray(rgb), Image.fromarray(r.integers(0, 255, (5, 7), dtype=np.uint8))
alpha = Image.fromarray(np.dstack([rgb, (x * 40).astype(np.uint8)]))
files = {
    "color.png": color, "grey.png": grey, "alpha.png": alpha, "palette.png": color.quantize(16),
    "color.bmp": color, "color.tiff": color, "grey.tiff": grey, "color.webp": color, "color.jpg": color, "grey.jpg": grey,
    "deep.png": Image.fromarray((r.integers(0, 65535, (5, 7))).astype(np.uint16)),
}
facts = {"files": {}, "resized": {}}
for name, image in files.items():
    options = {".webp": {"lossless": True}, ".jpg": {"quality": 95, "subsampling": 0}}.get(pathlib.Path(name).suffix, {})
    image.save(here / name, **options)
for turn in range(1, 9):
    exif = Image.Exif()
    exif[274] = turn
    color.save(here / f"turn{turn}.{'jpg' if turn % 2 else 'png'}", exif=exif, **({"quality": 100, "subsampling": 0} if turn % 2 else {}))
    files[f"turn{turn}.{'jpg' if turn % 2 else 'png'}"] = None
exif = Image.Exif()
exif[274] = 6
color.save(here / "turn6.tiff", tiffinfo={274: 6})
files["turn6.tiff"] = None
for name in files:
    with Image.open(here / name) as image:
        image = ImageOps.exif_transpose(image)
        if image.mode.startswith("I"):
            a = np.asarray(image).astype(float) / 65535
            facts["files"][name] = {"size": list(a.shape), "grey": a.ravel().tolist(), "rgb": np.repeat(a.ravel(), 3).tolist()}
            continue
        a, b = np.asarray(image.convert("RGB")) / 255, np.asarray(image.convert("RGB").convert("L")) / 255
        facts["files"][name] = {"size": list(b.shape), "grey": b.ravel().tolist(), "rgb": a.ravel().tolist()}
source = r.random((9, 13)).astype(np.float32)
facts["source"] = source.ravel().tolist()
for h, w in [(4, 5), (20, 26), (4, 13), (9, 40), (1, 1), (8, 12), (3, 30)]:
    for name, how in [("area", Image.Resampling.BOX), ("bilinear", Image.Resampling.BILINEAR)]:
        facts["resized"][f"{name} {h} {w}"] = np.asarray(Image.fromarray(source).resize((w, h), how)).ravel().tolist()
(here / "facts.json").write_text(json.dumps(json.loads(json.dumps(facts), parse_float=lambda x: round(float(x), 8))) + "\n")
