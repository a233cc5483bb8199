# Asks the net that write-onnx.ts wrote, without Winnow: pip install onnxruntime numpy, then python read-onnx.py FOLDER.
# Where ONNX Runtime is missing, OpenCV with onnx answers (Debian: python3-opencv, python3-onnx).
# Pixels go in as bytes [photos, height, width, channels]; normalisation is inside the graph, probabilities come out.

import json
import sys
from pathlib import Path

import numpy


def open_with_onnxruntime(file):
    import onnxruntime

    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    answer = lambda pixels: session.run(["probabilities"], {"image": pixels})[0]
    return session.get_modelmeta().custom_metadata_map, answer


def open_with_opencv(file):
    import cv2
    import onnx

    net = cv2.dnn.readNetFromONNX(str(file))

    def answer(pixels):
        net.setInput(pixels.astype(numpy.float32))  # OpenCV takes numbers; the graph's first step, a cast, is left out.
        return net.forward()

    return {entry.key: entry.value for entry in onnx.load(str(file)).metadata_props}, answer


folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
try:
    about, answer = open_with_onnxruntime(folder / "shapes.onnx")
except ModuleNotFoundError:
    about, answer = open_with_opencv(folder / "shapes.onnx")

labels = json.loads(about["labels"])
shape = [-1, int(about["input_height"]), int(about["input_width"]), int(about["channels"])]
pixels = numpy.fromfile(folder / "shapes.u8", dtype=numpy.uint8).reshape(shape)
for row in answer(pixels):
    best = int(row.argmax())
    print(f"{labels[best]} ({row[best]:.4f})")
