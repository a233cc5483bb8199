"""20 steps of each of PyTorch's optimisers over given gradients, and its learning rates: test/core/golden/optimisers.safetensors.

Two parameters: a weight of [7, 11], which decays, and a bias of [5], which does not.
"""
import json

import torch

from golden import save

STEPS, RATE = 20, 0.05
torch.manual_seed(2)
shapes = {'fc.weight': (7, 11), 'fc.bias': (5,)}
start = {name: torch.randn(shape) for name, shape in shapes.items()}
gradients = {name: torch.randn(STEPS, *shape) for name, shape in shapes.items()}
tensors = {f'start/{name}': value.numpy() for name, value in start.items()}
tensors.update({f'gradients/{name}': value.numpy() for name, value in gradients.items()})


def run(make, clip=None, average=None):
    """The parameters after 1, 2 and 20 steps, and their running average after 20."""
    parameters = {name: torch.nn.Parameter(value.clone()) for name, value in start.items()}
    optimiser = make([parameters['fc.weight']], [parameters['fc.bias']])
    kept, means = {}, {}
    for step in range(STEPS):
        for name, parameter in parameters.items():
            parameter.grad = gradients[name][step].clone()
        if clip:
            torch.nn.utils.clip_grad_norm_(parameters.values(), clip)
        optimiser.step()
        for name, parameter in parameters.items():
            value = parameter.detach().clone()
            kept_share = min(average or 0, (1 + step) / (10 + step))
            means[name] = value if step == 0 else means[name] + (1 - kept_share) * (value - means[name])
            if step + 1 in (1, 2, STEPS):
                kept[f'{step + 1}/{name}'] = value.numpy()
    if average:
        kept.update({f'average/{name}': value.numpy() for name, value in means.items()})
    return kept


def groups(weight, bias, decay):
    return [{'params': weight, 'weight_decay': decay}, {'params': bias, 'weight_decay': 0.0}]


runs = {
    'sgd': run(lambda w, b: torch.optim.SGD(w + b, lr=RATE)),
    'momentum': run(lambda w, b: torch.optim.SGD(w + b, lr=RATE, momentum=0.9)),
    'nesterov with decay': run(lambda w, b: torch.optim.SGD(groups(w, b, 0.1), lr=RATE, momentum=0.9, nesterov=True)),
    'adam': run(lambda w, b: torch.optim.Adam(w + b, lr=RATE)),
    'adamw': run(lambda w, b: torch.optim.AdamW(groups(w, b, 0.1), lr=RATE, betas=(0.8, 0.95), eps=1e-6)),
    'adagrad': run(lambda w, b: torch.optim.Adagrad(groups(w, b, 0.05), lr=RATE)),
    'rmsprop': run(lambda w, b: torch.optim.RMSprop(w + b, lr=RATE)),
    'rmsprop with momentum': run(lambda w, b: torch.optim.RMSprop(groups(w, b, 0.05), lr=RATE, alpha=0.9, momentum=0.8)),
    'sgd clipped': run(lambda w, b: torch.optim.SGD(w + b, lr=RATE, momentum=0.9), clip=3.0),
    'adamw, two rates': run(lambda w, b: torch.optim.AdamW([{'params': w, 'weight_decay': 0.1}, {'params': b, 'weight_decay': 0.0, 'lr': RATE / 10}], lr=RATE)),
    'nesterov, two rates': run(lambda w, b: torch.optim.SGD([{'params': w, 'weight_decay': 0.1}, {'params': b, 'weight_decay': 0.0, 'lr': RATE / 10}], lr=RATE, momentum=0.9, nesterov=True)),
    'adagrad, two rates': run(lambda w, b: torch.optim.Adagrad([{'params': w}, {'params': b, 'lr': RATE / 10}], lr=RATE)),
    'rmsprop, two rates': run(lambda w, b: torch.optim.RMSprop([{'params': w}, {'params': b, 'lr': RATE / 10}], lr=RATE)),
    'adam averaged': run(lambda w, b: torch.optim.Adam(w + b, lr=RATE), average=0.9),
}
for name, kept in runs.items():
    tensors.update({f'{name}/{key}': value for key, value in kept.items()})


def rates(make, total):
    """The rates of `total` steps under one of PyTorch's schedulers at base rate 1."""
    optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler, seen = make(optimiser), []
    for _ in range(total):
        seen.append(optimiser.param_groups[0]['lr'])
        optimiser.step()
        scheduler.step()
    return seen


schedulers = torch.optim.lr_scheduler
schedules = {
    'constant': rates(lambda o: schedulers.ConstantLR(o, 1.0), 20),
    'stepwise': rates(lambda o: schedulers.StepLR(o, 30, 0.1), 100),
    'cosine': rates(lambda o: schedulers.CosineAnnealingLR(o, 40), 40),
    'cosine to 0.1': rates(lambda o: schedulers.CosineAnnealingLR(o, 40, eta_min=0.1), 40),
    'one cycle': rates(lambda o: schedulers.OneCycleLR(o, 1.0, total_steps=50), 50),
    'warm-up, then cosine': rates(lambda o: schedulers.SequentialLR(
        o, [schedulers.LinearLR(o, 0.1, 1.0, 9), schedulers.CosineAnnealingLR(o, 40)], [10]), 50),
}
save('optimisers.safetensors', tensors, {'runs': json.dumps(list(runs)), 'schedules': json.dumps(schedules), 'torch': torch.__version__})
