// A run for PyTorch, as a folder packed in one file: the net as readable code, its weights under PyTorch's names, and a script
// that answers for photos as the app does.

import { encodeSafetensors } from '../../../core/io/safetensors.ts'
import { pytorchModule } from '../../../core/io/pytorch.ts'
import type { ModelToWrite } from './model-to-write.ts'
import { packFiles, type FilesByName } from '../../formats/small-zip.ts'
import { preparationOf } from './preparation.ts'

export function pytorchZip(model: ModelToWrite): Uint8Array<ArrayBuffer> {
  return packFiles(pytorchFiles(model))
}

function pytorchFiles({ run, model, weights, temperature, unknownBelow }: ModelToWrite): FilesByName {
  return {
    'model.py': pytorchModule(model, weights),
    'weights.safetensors': encodeSafetensors(weights, new Map([['format', 'pt']])),
    'prepare.py': preparationOf(run.settings).python,
    'predict.py': predictScript(temperature, unknownBelow),
    'requirements.txt': 'numpy\npillow\ntorch>=1.13\n',
    'README.md': readme(run.name, model.classes.length),
  }
}

function predictScript(temperature: number, unknownBelow: number): string {
  return `"""python predict.py PHOTO...: what the net says of each photo. With --pixels it answers u8 pixels from stdin instead."""

import json
import struct
import sys
from pathlib import Path

import numpy
import torch

from model import CLASSES, Net

# What confidences are cooled by before they are believed, and below what an answer is "unknown".
TEMPERATURE = ${temperature}
UNKNOWN_BELOW = ${unknownBelow}


def read_weights(path):
    """A safetensors file of float32, without another package: the length of a JSON header, the header, the numbers."""
    data = Path(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    tensors = {}
    for name, about in header.items():
        if name == "__metadata__":
            continue
        begin, end = (8 + length + offset for offset in about["data_offsets"])
        values = numpy.frombuffer(data[begin:end], dtype="<f4").reshape(about["shape"])
        tensors[name] = torch.from_numpy(values.copy())
    return tensors


def load():
    net = Net()
    weights = read_weights(Path(__file__).with_name("weights.safetensors"))
    # PyTorch counts the batches that a batch norm has seen; nothing here depends on it.
    counts = {name: value for name, value in net.state_dict().items() if name.endswith("num_batches_tracked")}
    net.load_state_dict({**counts, **weights}, strict=True)
    return net.eval()


@torch.no_grad()
def probabilities(net, pixels):
    """u8 [N, H, W, C] -> f32 [N, classes]"""
    return net(torch.from_numpy(pixels)).softmax(1).numpy()


def answer_pixels(net):
    """Again and again: four u32 (N, H, W, C), then the pixels; answered by N x classes float32."""
    while len(head := sys.stdin.buffer.read(16)) == 16:
        shape = struct.unpack("<4I", head)
        pixels = numpy.frombuffer(bytearray(sys.stdin.buffer.read(int(numpy.prod(shape)))), dtype=numpy.uint8)
        sys.stdout.buffer.write(probabilities(net, pixels.reshape(shape)).astype("<f4").tobytes())
        sys.stdout.buffer.flush()


def answer_photos(net, paths):
    from prepare import prepare

    for path in paths:
        row = probabilities(net, prepare(path)[None].copy())[0]
        best = int(row.argmax())
        name = CLASSES[best] if row[best] >= UNKNOWN_BELOW else "unknown"
        print(f"{path}: {name} ({row[best]:.4f})")


if __name__ == "__main__":
    if sys.argv[1:] == ["--pixels"]:
        answer_pixels(load())
    else:
        answer_photos(load(), sys.argv[1:])
`
}

function readme(run: string, classes: number): string {
  return `# ${run}

An image classifier of ${classes} classes, made with Winnow, for PyTorch.

    pip install -r requirements.txt
    python predict.py photo.jpg

- \`model.py\`: the net, a plain nn.Module; normalisation is inside.
- \`weights.safetensors\`: the weights that were measured, under PyTorch's names (a strict load works).
- \`prepare.py\`: how a photo file becomes the net's pixels, exactly as in training.
`
}
