"""The other half of the comparison with PyTorch: builds the net from Winnow's description, takes its first weights, pixels and order of
photos from the folder given (side-by-side-winnow.ts wrote them), trains with Adam and prints one line of JSON an epoch."""
import json
import os
import struct
import sys

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

FOLDER = sys.argv[1]


def load_weights(path):
    with open(path, 'rb') as file:
        length = struct.unpack('<Q', file.read(8))[0]
        header, body = json.loads(file.read(length)), file.read()
    tensors = {}
    for name, entry in header.items():
        if name != '__metadata__':
            begin, end = entry['data_offsets']
            tensors[name] = torch.from_numpy(np.frombuffer(body[begin:end], dtype='<f4').reshape(entry['shape']).copy())
    return tensors


class Layers(nn.Module):
    """A list of layers of a description; the parameters come by name out of `weights`."""

    def __init__(self, layers, weights):
        super().__init__()
        self.layers = layers
        self.weights = weights

    def forward(self, x):
        for layer in self.layers:
            x = self.step(layer, x)
        return x

    def step(self, layer, x):
        kind, w = layer['type'], self.weights
        if kind == 'conv2d':
            top, left, bottom, right = layer['padding']
            return F.conv2d(F.pad(x, (left, right, top, bottom)), w[layer['name'] + '.weight'], w.get(layer['name'] + '.bias'), layer['stride'], 0, layer['dilation'], layer['groups'])
        if kind == 'batch-norm':
            name = layer['name']
            return F.batch_norm(x, w[name + '.running_mean'], w[name + '.running_var'], w[name + '.weight'], w[name + '.bias'], self.training, layer['momentum'], layer['epsilon'])
        if kind == 'dense':
            return F.linear(x, w[layer['name'] + '.weight'], w[layer['name'] + '.bias'])
        if kind == 'relu':
            return F.relu(x)
        if kind == 'max-pool':
            return F.max_pool2d(x, layer['size'], layer['stride'])
        if kind == 'flatten':
            return x.flatten(1)
        raise ValueError(f'This comparison knows no layer {kind}.')


def main():
    with open(os.path.join(FOLDER, 'task.json')) as file:
        task = json.load(file)
    size, channels, batch = task['size'], task['channels'], task['batch']
    labels = torch.tensor(task['labels'])
    pixels = torch.from_numpy(np.fromfile(os.path.join(FOLDER, 'pixels.u8'), dtype=np.uint8).reshape(len(labels), size, size, channels)).permute(0, 3, 1, 2)
    mean, std = (torch.tensor(task['model']['normalise'][key], dtype=torch.float32).view(1, -1, 1, 1) for key in ('mean', 'std'))
    weights = load_weights(os.path.join(FOLDER, 'weights.safetensors'))
    learning = [tensor.requires_grad_() for name, tensor in weights.items() if 'running' not in name]
    net, optimiser = Layers(task['model']['layers'], weights), torch.optim.Adam(learning, lr=task['rate'])

    def photos(rows):
        return (pixels[rows].float() / 255 - mean) / std

    for epoch, order in enumerate(task['orders']):
        net.train()
        for start in range(0, len(order) - batch + 1, batch):
            rows = order[start:start + batch]
            optimiser.zero_grad()
            F.cross_entropy(net(photos(rows)), labels[rows]).backward()
            optimiser.step()
        net.eval()
        with torch.no_grad():
            answers = torch.cat([net(photos(rows)) for rows in torch.tensor(task['validation']).split(256)])
        wanted = labels[task['validation']]
        loss, accuracy = F.cross_entropy(answers, wanted).item(), (answers.argmax(1) == wanted).float().mean().item()
        print(json.dumps({'type': 'epoch', 'epoch': epoch + 1, 'loss': loss, 'accuracy': accuracy}), flush=True)


main()
