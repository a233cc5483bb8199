"""MobileNets in PyTorch: test/core/golden/mobilenets.safetensors, read by test/core/nn/mobilenets.test.ts.

For each net, with weights and pixels made from names as in nets.py: the logits of a batch under the statistics of the batch, and the
gradients of the loss as fingerprints, all in double precision: in single, a value beside a ReLU's kink may fall to either side. PyTorch's definitions at an eighth of their width.
"""
import json

import torch.nn as nn
import torch.nn.functional as F

from golden import save
from nets import CLASSES, batches, fill, fingerprint


def padded(x, size, stride):
    """x with TensorFlow's SAME padding around it."""
    after = [max((-(-side // stride) - 1) * stride + size - side, 0) for side in x.shape[2:]]
    return F.pad(x, (after[1] // 2, after[1] - after[1] // 2, after[0] // 2, after[0] - after[0] // 2))


class Separable(nn.Module):
    """timm's DepthwiseSeparableConv with TensorFlow's padding."""

    def __init__(self, channels, filters, stride):
        super().__init__()
        self.stride = stride
        self.conv_dw, self.bn1 = nn.Conv2d(channels, channels, 3, stride=stride, groups=channels, bias=False), nn.BatchNorm2d(channels, eps=1e-3)
        self.conv_pw, self.bn2 = nn.Conv2d(channels, filters, 1, bias=False), nn.BatchNorm2d(filters, eps=1e-3)

    def forward(self, x):
        x = F.relu6(self.bn1(self.conv_dw(padded(x, 3, self.stride))))
        return F.relu6(self.bn2(self.conv_pw(x)))


class MobilenetV1(nn.Module):
    """MobileNet v1 at an eighth of its width, with timm's names and TensorFlow's padding."""
    shape = (48, 44, 3)

    def __init__(self):
        super().__init__()
        self.conv_stem, self.bn1 = nn.Conv2d(3, 4, 3, stride=2, bias=False), nn.BatchNorm2d(4, eps=1e-3)
        stages, channels = [], 4
        for stage, (filters, count) in enumerate([(8, 1), (16, 2), (32, 2), (64, 6), (128, 2)]):
            blocks = []
            for i in range(count):
                blocks.append(Separable(channels, filters, 2 if i == 0 and stage > 0 else 1))
                channels = filters
            stages.append(nn.Sequential(*blocks))
        self.blocks = nn.Sequential(*stages)
        self.classifier = nn.Linear(128, CLASSES)

    def forward(self, x):
        x = F.relu6(self.bn1(self.conv_stem(padded(x, 3, 2))))
        return self.classifier(self.blocks(x).mean((2, 3)))


class Inverted(nn.Module):
    """torchvision's InvertedResidual."""

    def __init__(self, channels, filters, stride, expansion):
        super().__init__()
        wide = channels * expansion
        part = lambda a, b, size, stride, groups: nn.Sequential(nn.Conv2d(a, b, size, stride, size // 2, groups=groups, bias=False), nn.BatchNorm2d(b), nn.ReLU6())
        layers = [part(channels, wide, 1, 1, 1)] if expansion > 1 else []
        layers += [part(wide, wide, 3, stride, wide), nn.Conv2d(wide, filters, 1, bias=False), nn.BatchNorm2d(filters)]
        self.conv = nn.Sequential(*layers)
        self.same = stride == 1 and channels == filters

    def forward(self, x):
        return x + self.conv(x) if self.same else self.conv(x)


class MobilenetV2(nn.Module):
    """MobileNet v2 at an eighth of its width, with torchvision's names."""
    shape = (48, 44, 3)

    def __init__(self):
        super().__init__()
        features, channels = [nn.Sequential(nn.Conv2d(3, 4, 3, 2, 1, bias=False), nn.BatchNorm2d(4), nn.ReLU6())], 4
        for expansion, filters, count, stride in [(1, 2, 1, 1), (6, 3, 2, 2), (6, 4, 3, 2), (6, 8, 4, 2), (6, 12, 3, 1), (6, 20, 3, 2), (6, 40, 1, 1)]:
            for i in range(count):
                features.append(Inverted(channels, filters, stride if i == 0 else 1, expansion))
                channels = filters
        features.append(nn.Sequential(nn.Conv2d(40, 160, 1, bias=False), nn.BatchNorm2d(160), nn.ReLU6()))
        self.features = nn.Sequential(*features)
        self.classifier = nn.Sequential(nn.Identity(), nn.Linear(160, CLASSES))

    def forward(self, x):
        return self.classifier(self.features(x).mean((2, 3)))


def main():
    nets = {'mobilenet-v1': MobilenetV1, 'mobilenet-v2': MobilenetV2}
    tensors = {}
    for name, make in nets.items():
        x, labels = batches(make.shape)[0]
        net = fill(make()).double()
        logits = net(x.double())
        F.cross_entropy(logits, labels).backward()
        tensors[f'{name}/logits'] = logits.detach().float().numpy()
        tensors.update({f'{name}/gradient/{key}': fingerprint(key, parameter.grad) for key, parameter in net.named_parameters()})
    save('mobilenets.safetensors', tensors, {'shapes': json.dumps({name: make.shape for name, make in nets.items()})})


if __name__ == '__main__':
    main()
