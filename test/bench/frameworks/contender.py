"""PyTorch, on the CPU or on CUDA in float32 (TF32 off), on the same weights and batches. Arguments: the folder that torch.ts wrote, 'cpu'
or 'cuda', 'documented' or 'best'. Reads a request a line, {"steps", "losses"}, and answers with a line. The documented configuration
reads the loss of every step, the best one nothing, and lays images out channels last."""

import json
import resource
import sys
import time

import torch
from torch import nn

folder, kind, configuration = sys.argv[1:4]
if configuration.endswith(" single"):
    torch.set_num_threads(1)
    configuration = configuration.removesuffix(" single")
device = torch.device(kind)
best = configuration == "best"
torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False
torch.backends.cudnn.benchmark = best


class Residual(nn.Module):
    def __init__(self, body, shortcut):
        super().__init__()
        self.body, self.shortcut = body, shortcut

    def forward(self, x):
        return self.body(x) + self.shortcut(x)


def layer_of(layer, channels, named):
    """The module of a layer and the channels (or features) it leaves."""
    kind = layer["type"]
    if kind == "conv2d":
        module = nn.Conv2d(channels, layer["filters"], layer["kernel"], layer["stride"], layer["padding"][:2], bias=layer["bias"])
        named[layer["name"]] = module
        return module, layer["filters"]
    if kind == "dense":
        module = nn.LazyLinear(layer["units"])
        named[layer["name"]] = module
        return module, layer["units"]
    if kind == "batch-norm":
        module = nn.BatchNorm2d(channels, layer["epsilon"], layer["momentum"])
        named[layer["name"]] = module
        return module, channels
    if kind == "residual":
        body, after = sequence_of(layer["body"], channels, named)
        shortcut, _ = sequence_of(layer["shortcut"], channels, named)
        return Residual(body, shortcut), after
    if kind == "max-pool":
        return nn.MaxPool2d(layer["size"], layer["stride"], layer["padding"][:2]), channels
    if kind == "global-average-pool":
        return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()), channels
    return {"relu": nn.ReLU, "flatten": nn.Flatten}[kind](), channels


def sequence_of(layers, channels, named):
    modules = []
    for layer in layers:
        module, channels = layer_of(layer, channels, named)
        modules.append(module)
    return nn.Sequential(*modules), channels


def floats(name, shape):
    return torch.frombuffer(bytearray(open(f"{folder}/{name}.bin", "rb").read()), dtype=torch.float32).reshape(shape)


plan = json.load(open(f"{folder}/plan.json"))
named = {}
net, _ = sequence_of(plan["layers"], plan["input"][1], named)
batches = [(floats(f"x{b}", plan["input"]), torch.tensor(labels)) for b, labels in enumerate(plan["labels"])]
net(batches[0][0])  # gives the lazy layers their shapes
for name, shape in plan["weights"].items():
    module, value = name.rsplit(".", 1)
    getattr(named[module], value).data.copy_(floats(name, shape))
net.to(device)
batches = [(x.to(device), y.to(device)) for x, y in batches]
if best:
    net = net.to(memory_format=torch.channels_last)
    batches = [(x.contiguous(memory_format=torch.channels_last), y) for x, y in batches]
for module in named.values():
    if isinstance(module, nn.BatchNorm2d):
        module.reset_running_stats()
optimizer = torch.optim.Adam(net.parameters(), lr=plan["rate"], betas=(0.9, 0.999), eps=1e-8)
criterion = nn.CrossEntropyLoss()
done = 0


def run(steps, wanted):
    global done
    losses = []
    for _ in range(steps):
        x, y = batches[done % len(batches)]
        done += 1
        optimizer.zero_grad(set_to_none=True)
        loss = criterion(net(x), y)
        loss.backward()
        optimizer.step()
        if wanted or not best:
            losses.append(loss.item())
    if kind == "cuda":
        torch.cuda.synchronize()
    return losses if wanted else []


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


print(json.dumps({"ready": torch.__version__}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    began, cpu = time.perf_counter(), cpu_seconds()
    losses = run(request["steps"], request["losses"])
    print(json.dumps({
        "msPerStep": (time.perf_counter() - began) * 1000 / request["steps"], "cpuMsPerStep": (cpu_seconds() - cpu) * 1000 / request["steps"], "losses": losses,
    }), flush=True)
