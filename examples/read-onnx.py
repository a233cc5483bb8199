# Asks the net that write-onnx.ts wrote, without Winnow: pip install onnxruntime numpy, then python read-onnx.py FOLDER.
# Pixels go in as bytes [photos, height, width, channels]; normalisation is inside the graph, probabilities come out.

import json
import sys
from pathlib import Path

import numpy
import onnxruntime

folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
session = onnxruntime.InferenceSession(folder / "shapes.onnx", providers=["CPUExecutionProvider"])
about = session.get_modelmeta().custom_metadata_map
labels = json.loads(about["labels"])
shape = [-1, int(about["input_height"]), int(about["input_width"]), int(about["channels"])]

pixels = numpy.fromfile(folder / "shapes.u8", dtype=numpy.uint8).reshape(shape)
(probabilities,) = session.run(["probabilities"], {"image": pixels})
for row in probabilities:
    best = int(row.argmax())
    print(f"{labels[best]} ({row[best]:.4f})")
