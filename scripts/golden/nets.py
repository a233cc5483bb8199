"""Trajectories of seven nets in PyTorch: test/core/golden/nets.safetensors, read by test/core/nn/golden.test.ts.

For each net: the gradients at step 0, then ten losses under Adam, AdamW and SGD with momentum, and the running statistics after them.
Weights and pixels are made from names (golden.units), dropout is off. A gradient is kept as its norm and eight products with vectors of
+-1: the difference of two gradients shows in them as well as in the gradients themselves, and they are small.
"""
import json

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from golden import save, units

BATCH, STEPS, CLASSES = 8, 10, 5


class SmallNet(nn.Module):
    shape = (10, 10, 3)

    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8)
        self.conv2, self.bn2 = nn.Conv2d(8, 12, 3, padding=1), nn.BatchNorm2d(12)
        self.fc = nn.Linear(12 * 2 * 2, CLASSES)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 2)
        x = F.max_pool2d(F.relu(self.bn2(self.conv2(x))), 2)
        return self.fc(x.flatten(1))


class DeepConvnet(nn.Module):
    shape = (8, 8, 1)

    def __init__(self):
        super().__init__()
        filters = [1, 16, 16, 32, 32, 64, 64]
        for i in range(6):
            setattr(self, f'conv{i + 1}', nn.Conv2d(filters[i], filters[i + 1], 3, padding=2 if i == 3 else 1))
        self.fc1, self.fc2 = nn.Linear(64 * 1 * 1, 50), nn.Linear(50, CLASSES)

    def forward(self, x):
        for i in range(1, 7):
            x = F.relu(getattr(self, f'conv{i}')(x))
            if i % 2 == 0:
                x = F.max_pool2d(x, 2)
        return self.fc2(F.relu(self.fc1(x.flatten(1))))


class PhotoConvnet(nn.Module):
    shape = (16, 16, 3)

    def __init__(self):
        super().__init__()
        filters = [3, 16, 32, 64, 128]
        for i in range(4):
            setattr(self, f'conv{i + 1}', nn.Conv2d(filters[i], filters[i + 1], 3, padding=1))
            setattr(self, f'bn{i + 1}', nn.BatchNorm2d(filters[i + 1]))
        self.fc1, self.fc2 = nn.Linear(128, 128), nn.Linear(128, CLASSES)

    def forward(self, x):
        for i in range(1, 5):
            x = F.max_pool2d(F.relu(getattr(self, f'bn{i}')(getattr(self, f'conv{i}')(x))), 2)
        return self.fc2(F.relu(self.fc1(x.flatten(1))))


class Vgg11(nn.Module):
    """VGG 11 at an eighth of its width, with torchvision's names."""
    shape = (32, 32, 3)

    def __init__(self):
        super().__init__()
        layers, channels = [], 3
        for filters in [8, 'M', 16, 'M', 32, 32, 'M', 64, 64, 'M', 64, 64, 'M']:
            if filters == 'M':
                layers.append(nn.MaxPool2d(2))
            else:
                layers += [nn.Conv2d(channels, filters, 3, padding=1), nn.ReLU()]
                channels = filters
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(nn.Linear(64, 40), nn.ReLU(), nn.Identity(), nn.Linear(40, 40), nn.ReLU(), nn.Identity(), nn.Linear(40, CLASSES))

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


class Basic(nn.Module):
    """torchvision's BasicConv2d."""

    def __init__(self, channels, filters, size, stride=1):
        super().__init__()
        self.conv = nn.Conv2d(channels, filters, size, stride=stride, padding=size // 2, bias=False)
        self.bn = nn.BatchNorm2d(filters, eps=0.001)

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)))


class Inception(nn.Module):
    def __init__(self, channels, one, before3, three, before5, five, pooled):
        super().__init__()
        self.branch1 = Basic(channels, one, 1)
        self.branch2 = nn.Sequential(Basic(channels, before3, 1), Basic(before3, three, 3))
        self.branch3 = nn.Sequential(Basic(channels, before5, 1), Basic(before5, five, 3))
        self.branch4 = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), Basic(channels, pooled, 1))

    def forward(self, x):
        return torch.cat([self.branch1(x), self.branch2(x), self.branch3(x), self.branch4(x)], 1)


class InceptionNet(nn.Module):
    shape = (14, 14, 3)

    def __init__(self):
        super().__init__()
        self.conv1 = Basic(3, 8, 7, stride=2)
        self.inception3a, self.inception3b = Inception(8, 6, 4, 8, 3, 5, 4), Inception(23, 8, 6, 12, 4, 6, 5)
        self.fc = nn.Linear(31, CLASSES)

    def forward(self, x):
        x = F.max_pool2d(self.conv1(x), 3, 2, ceil_mode=True)
        return self.fc(self.inception3b(self.inception3a(x)).mean((2, 3)))


class Block(nn.Module):
    """torchvision's BasicBlock."""

    def __init__(self, channels, filters, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(channels, filters, 3, stride=stride, padding=1, bias=False), nn.BatchNorm2d(filters)
        self.conv2, self.bn2 = nn.Conv2d(filters, filters, 3, padding=1, bias=False), nn.BatchNorm2d(filters)
        same = stride == 1 and channels == filters
        self.downsample = None if same else nn.Sequential(nn.Conv2d(channels, filters, 1, stride=stride, bias=False), nn.BatchNorm2d(filters))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class Resnet18(nn.Module):
    """ResNet 18 at an eighth of its width, with torchvision's names."""
    shape = (32, 32, 3)

    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 8, 7, stride=2, padding=3, bias=False), nn.BatchNorm2d(8)
        self.layer1 = nn.Sequential(Block(8, 8, 1), Block(8, 8, 1))
        self.layer2 = nn.Sequential(Block(8, 16, 2), Block(16, 16, 1))
        self.layer3 = nn.Sequential(Block(16, 32, 2), Block(32, 32, 1))
        self.layer4 = nn.Sequential(Block(32, 64, 2), Block(64, 64, 1))
        self.fc = nn.Linear(64, CLASSES)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        return self.fc(self.layer4(self.layer3(self.layer2(self.layer1(x)))).mean((2, 3)))


class Pair(nn.Module):
    """Two convolutions with norm and ReLU, and what went in."""

    def __init__(self, filters):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(filters, filters, 3, padding=1, bias=False), nn.BatchNorm2d(filters)
        self.conv2, self.bn2 = nn.Conv2d(filters, filters, 3, padding=1, bias=False), nn.BatchNorm2d(filters)

    def forward(self, x):
        return x + F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))))


class Resnet9(nn.Module):
    """ResNet 9 at an eighth of the default's width: 64 pixels, brought to 32 by its stem."""
    shape = (64, 60, 1)

    def __init__(self):
        super().__init__()
        filters = [1, 4, 8, 16, 32]
        for i in range(4):
            setattr(self, f'conv{i + 1}', nn.Conv2d(filters[i], filters[i + 1], 3, stride=2 if i == 0 else 1, padding=1, bias=False))
            setattr(self, f'bn{i + 1}', nn.BatchNorm2d(filters[i + 1]))
        self.block2, self.block4 = Pair(8), Pair(32)
        self.fc = nn.Linear(32, CLASSES)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        for i in range(2, 5):
            x = F.max_pool2d(F.relu(getattr(self, f'bn{i}')(getattr(self, f'conv{i}')(x))), 2)
            x = getattr(self, f'block{i}')(x) if i != 3 else x
        return self.fc(x.amax((2, 3)))


def fill(net):
    """Weights from names: He uniform for filters and matrices, near 1 for norms, near 0 for biases."""
    for name, parameter in net.named_parameters():
        shape = tuple(parameter.shape)
        u = units(name, parameter.numel()).reshape(shape)
        if len(shape) > 1:
            values = (2 * u - 1) * np.sqrt(6 / np.prod(shape[1:]))
        else:
            values = 0.8 + 0.4 * u if name.endswith('weight') else 0.2 * (u - 0.5)
        parameter.data = torch.tensor(values.astype(np.float32))
    return net.train()


def batches(shape):
    """Ten batches of normalised pixels with their labels."""
    rows = BATCH * STEPS
    pixels = np.floor(units('pixels', rows * int(np.prod(shape))) * 256).reshape(rows, *shape) / 255
    x = torch.tensor(((pixels - 0.4) / 0.25).astype(np.float32)).permute(0, 3, 1, 2)
    labels = torch.tensor(np.floor(units('labels', rows) * CLASSES).astype(np.int64))
    return list(zip(x.split(BATCH), labels.split(BATCH)))


def fingerprint(name, values):
    """The norm, and eight products with vectors of +-1."""
    flat = values.detach().numpy().astype(np.float64).ravel()
    signs = [np.where(units(f'{name}/{k}', flat.size) < 0.5, -1.0, 1.0) for k in range(8)]
    return np.array([np.linalg.norm(flat), *(sign @ flat for sign in signs)])


def decaying(net):
    whole = dict(net.named_parameters())
    return [{'params': [p for p in whole.values() if p.ndim > 1], 'weight_decay': 0.05}, {'params': [p for p in whole.values() if p.ndim == 1], 'weight_decay': 0.0}]


def train(make, make_optimiser, data, dtype):
    """The net after ten steps, and its losses."""
    net = fill(make()).to(dtype)
    optimiser, losses = make_optimiser(net), []
    for x, labels in data:
        optimiser.zero_grad()
        loss = F.cross_entropy(net(x.to(dtype)), labels)
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return net, np.array(losses)


def main():
    optimisers = {
        'adam': lambda net: torch.optim.Adam(net.parameters(), lr=1e-3),
        'adamw': lambda net: torch.optim.AdamW(decaying(net), lr=1e-3),
        'momentum': lambda net: torch.optim.SGD(net.parameters(), lr=0.0005, momentum=0.9),
    }
    nets = {'small net': SmallNet, 'deep-convnet': DeepConvnet, 'photo-convnet': PhotoConvnet, 'vgg11': Vgg11, 'inception': InceptionNet, 'resnet18': Resnet18, 'resnet9': Resnet9}
    tensors = {}
    for name, make in nets.items():
        data = batches(make.shape)
        net = fill(make())
        F.cross_entropy(net(data[0][0]), data[0][1]).backward()
        tensors.update({f'{name}/gradient/{key}': fingerprint(key, parameter.grad) for key, parameter in net.named_parameters()})
        for optimiser_name, make_optimiser in optimisers.items():
            net, losses = train(make, make_optimiser, data, torch.float32)
            _, exact = train(make, make_optimiser, data, torch.float64)
            rounding = np.max(np.abs(losses / exact - 1))
            print(name, optimiser_name, np.round(losses, 4), f'rounding {rounding:.1e}')
            assert rounding < 2e-4, 'a trajectory that rounding alone moves this far judges nothing: lower the rate'
            tensors[f'{name}/losses/{optimiser_name}'] = losses
        statistics = {key: value for key, value in net.state_dict().items() if 'running' in key}
        tensors.update({f'{name}/statistics/{key}': fingerprint(key, value) for key, value in statistics.items()})
    shapes = {name: make.shape for name, make in nets.items()}
    save('nets.safetensors', tensors, {'shapes': json.dumps(shapes), 'torch': torch.__version__})


if __name__ == '__main__':
    main()
