"""PyTorch's output and gradients of every op, in core's layout: test/core/golden/ops.safetensors, read by test/core/ops/golden.test.ts."""
import json

import numpy as np
import torch
import torch.nn.functional as F

from golden import nhwc, rsck, save

torch.manual_seed(1)
tensors, cases = {}, []


def case(op, x_shape, function, parameters=None, **options):
    """Runs `function(x, **parameters)` and keeps x, the parameters, a random dy, y and all gradients."""
    index = f'{len(cases)}'
    x = torch.randn(x_shape, requires_grad=True)
    values = {name: (torch.randn(shape) * 0.5 + offset).requires_grad_() for name, (shape, offset) in (parameters or {}).items()}
    y = function(x, **values)
    dy = torch.randn(y.shape)
    y.backward(dy)
    keep = {'x': nhwc(x.detach().numpy()), 'y': nhwc(y.detach().numpy()), 'dy': nhwc(dy.numpy()), 'd.x': nhwc(x.grad.numpy())}
    for name, value in values.items():
        layout = nhwc if name == 'factors' else rsck
        keep[name], keep[f'd.{name}'] = layout(value.detach().numpy()), layout(value.grad.numpy())
    tensors.update({f'{index}/{name}': array for name, array in keep.items()})
    cases.append({'op': op, 'options': options})


def conv(x_shape, filters, size, stride=(1, 1), padding=(0, 0, 0, 0), dilation=(1, 1), groups=1, bias=False, relu=False):
    def function(x, w, bias=None):
        top, left, bottom, right = padding
        y = F.conv2d(F.pad(x, (left, right, top, bottom)), w, bias, stride=stride, dilation=dilation, groups=groups)
        return F.relu(y) if relu else y
    parameters = {'w': ((filters, x_shape[1] // groups, *size), 0)}
    if bias:
        parameters['bias'] = ((filters,), 0)
    case('conv2d', x_shape, function, parameters, stride=stride, padding=padding, dilation=dilation, groups=groups, relu=relu)


conv((2, 3, 5, 7), 4, (3, 3), padding=(1, 1, 1, 1), bias=True, relu=True)
conv((2, 4, 7, 6), 5, (3, 3), stride=(2, 2), padding=(1, 1, 1, 1))
conv((1, 2, 8, 7), 3, (3, 2), dilation=(2, 3), padding=(0, 2, 1, 0), bias=True)
conv((2, 6, 4, 5), 9, (3, 3), groups=3, padding=(1, 1, 1, 1), bias=True)
conv((2, 5, 6, 4), 5, (3, 3), groups=5, stride=(2, 1), padding=(1, 1, 1, 1))
conv((3, 8, 3, 3), 6, (1, 1))

for relu in (False, True):
    case('dense', (5, 7), lambda x, w, bias: (F.relu if relu else (lambda v: v))(F.linear(x, w, bias)), {'w': ((3, 7), 0), 'bias': ((3,), 0)}, relu=relu)

case('max-pool', (2, 3, 6, 7), lambda x: F.max_pool2d(x, 3, 2, 1), size=(3, 3), stride=(2, 2), padding=(1, 1, 1, 1))
case('max-pool', (2, 3, 6, 7), lambda x: F.max_pool2d(x, 3, 2, ceil_mode=True), size=(3, 3), stride=(2, 2), padding=(0, 0, 1, 1))
case('max-pool', (1, 4, 5, 4), lambda x: F.max_pool2d(x, 2), size=(2, 2), stride=(2, 2), padding=(0, 0, 0, 0))
case('average-pool', (2, 3, 6, 7), lambda x: F.avg_pool2d(x, 3, 2, 1, count_include_pad=False), size=(3, 3), stride=(2, 2), padding=(1, 1, 1, 1))
case('average-pool', (1, 4, 5, 4), lambda x: F.avg_pool2d(x, 2), size=(2, 2), stride=(2, 2), padding=(0, 0, 0, 0))
case('global-average-pool', (3, 5, 4, 6), lambda x: x.mean((2, 3)))

for name, function in {'relu': F.relu, 'leaky-relu': F.leaky_relu, 'gelu': F.gelu, 'silu': F.silu, 'sigmoid': torch.sigmoid, 'tanh': torch.tanh}.items():
    case(name, (2, 3, 4, 5), lambda x: function(x * 2))  # the factor 2 is applied by the test too

scale = {'gamma': ((6,), 1), 'beta': ((6,), 0)}
case('batch-norm', (4, 6, 3, 5), lambda x, gamma, beta: F.batch_norm(x, None, None, gamma, beta, training=True), scale)
case('group-norm', (3, 6, 4, 3), lambda x, gamma, beta: F.group_norm(x, 3, gamma, beta), scale, groups=3)
case('layer-norm', (5, 6), lambda x, gamma, beta: F.layer_norm(x, (6,), gamma, beta), scale)
case('layer-norm', (2, 6, 3, 2), lambda x, gamma, beta: F.layer_norm(x.permute(0, 2, 3, 1), (6,), gamma, beta).permute(0, 3, 1, 2), scale)

labels = torch.tensor([1, 0, 3, 2, 2, 1, 3])
for smoothing, weights in ((0.0, None), (0.1, None), (0.0, [0.5, 2.0, 1.0, 0.1]), (0.2, [0.5, 2.0, 1.0, 0.1])):
    logits = (torch.randn(7, 4) * 3).requires_grad_()
    loss = F.cross_entropy(logits, labels, weight=None if weights is None else torch.tensor(weights), label_smoothing=smoothing)
    loss.backward()
    index = len(cases)
    tensors.update({f'{index}/x': logits.detach().numpy(), f'{index}/y': loss.detach().reshape(1).numpy(), f'{index}/d.x': logits.grad.numpy()})
    cases.append({'op': 'cross-entropy', 'options': {'smoothing': smoothing, 'classWeights': weights, 'labels': labels.tolist()}})

for name, function in {'relu6': F.relu6, 'hard-swish': F.hardswish, 'hard-sigmoid': F.hardsigmoid}.items():
    case(name, (2, 3, 4, 5), lambda x: function(x * 2))

for height, width, size in ((6, 8, (3, 4)), (7, 5, (3, 2)), (4, 3, (1, 1)), (2, 3, (5, 4))):
    case('adaptive-average-pool', (2, 3, height, width), lambda x: F.adaptive_avg_pool2d(x, size), size=size)

case('multiply', (2, 5, 3, 4), lambda x, factors: x * factors, {'factors': ((2, 5, 1, 1), 0)})
case('multiply', (2, 5, 3, 4), lambda x, factors: x * factors, {'factors': ((2, 5, 3, 4), 0)})

# TensorFlow's SAME at a stride of 2: the odd pixel lies after the photo.
conv((2, 3, 6, 6), 4, (3, 3), stride=(2, 2), padding=(0, 0, 1, 1), bias=True)
conv((2, 4, 6, 5), 4, (3, 3), stride=(2, 2), padding=(0, 1, 1, 1), groups=4)

save('ops.safetensors', tensors, {'cases': json.dumps(cases), 'torch': torch.__version__})
