"""Files of torch.save as small as they come: test/core/golden/*.pth, read by test/core/io/pth.test.ts."""
import collections
import os

import torch

folder = os.path.join(os.path.dirname(__file__), '..', '..', 'test', 'core', 'golden')
weights = torch.arange(12, dtype=torch.float32).reshape(3, 4)
state = collections.OrderedDict([
    ('module.fc.weight', weights), ('module.fc.bias', torch.tensor([0.5, -1, 2], dtype=torch.float16)),
    ('module.view', weights.t()[1:3]), ('module.bn.num_batches_tracked', torch.tensor(7)),
])
torch.save(state, os.path.join(folder, 'state.pth'))
torch.save({'epoch': 3, 'done': True, 'state_dict': state, 'list': [1, 2.5, None]}, os.path.join(folder, 'checkpoint.pth'))
torch.save(torch.nn.Linear(2, 2), os.path.join(folder, 'whole-module.pth'))
torch.save(state, os.path.join(folder, 'old.pth'), _use_new_zipfile_serialization=False)
