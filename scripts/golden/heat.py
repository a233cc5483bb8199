"""Heat maps (Grad-CAM) and features of three nets in PyTorch: test/core/golden/heat.safetensors, read by test/core/train/heat-map.test.ts.

The first photo of nets.py through nets in evaluation mode: for every class the map at the size of the photo, the features that the last
dense layer reads, and the probabilities.
"""
import numpy as np
import torch
import torch.nn.functional as F

from golden import save
from nets import CLASSES, Resnet18, SmallNet, Vgg11, batches, fill


def small(net, x):
    return F.relu(net.bn2(net.conv2(F.max_pool2d(F.relu(net.bn1(net.conv1(x))), 2))))


def resnet(net, x):
    x = F.max_pool2d(F.relu(net.bn1(net.conv1(x))), 3, 2, 1)
    return net.layer4(net.layer3(net.layer2(net.layer1(x))))


# The net, what its last convolutions make, the features of that, the logits of those.
NETS = {
    'small net': (SmallNet, small, lambda net, a: F.max_pool2d(a, 2).flatten(1), lambda net, f: net.fc(f)),
    'resnet18': (Resnet18, resnet, lambda net, a: a.mean((2, 3)), lambda net, f: net.fc(f)),
    'vgg11': (Vgg11, lambda net, x: net.features[:-1](x), lambda net, a: net.classifier[:-1](net.features[-1](a).flatten(1)), lambda net, f: net.classifier[-1](f)),
}


def heat(logits, places, label, size):
    slopes = torch.autograd.grad(logits[0, label], places, retain_graph=True)[0]
    found = F.relu((slopes.mean((2, 3), keepdim=True) * places).sum(1, keepdim=True))
    found = found / found.max() if found.max() > 0 else found
    return F.interpolate(found, size=size, mode='bilinear', align_corners=False)[0, 0].detach().numpy()


def in_our_order(features, places, name):
    """What is flattened from C H W, as H W C."""
    if name != 'small net':
        return features
    return features.reshape(places.shape[1], places.shape[2] // 2, -1).transpose(1, 2, 0).ravel()


def main():
    tensors = {}
    for name, (make, to_places, to_features, to_logits) in NETS.items():
        net = fill(make()).double().eval()
        x = batches(make.shape)[0][0][:1].double()
        places = to_places(net, x)
        features = to_features(net, places)
        logits = to_logits(net, features)
        for label in range(CLASSES):
            tensors[f'{name}/heat/{label}'] = heat(logits, places, label, make.shape[:2])
        tensors[f'{name}/features'] = in_our_order(features.detach().numpy()[0], places, name)
        tensors[f'{name}/probabilities'] = logits.softmax(1).detach().numpy()[0]
    save('heat.safetensors', {key: np.asarray(value) for key, value in tensors.items()}, {'torch': torch.__version__})


if __name__ == '__main__':
    main()
