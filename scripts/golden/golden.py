"""What the golden scripts share: writing safetensors, numbers that Python and TypeScript make alike, and core's layout.

Run with Debian's python3 (python3-torch 1.13): scripts/golden/make.sh. The files go to test/core/golden.
"""
import json
import os
import struct

import numpy as np

FOLDER = os.path.join(os.path.dirname(__file__), '..', '..', 'test', 'core', 'golden')


def save(name, tensors, metadata):
    """Writes tensors (name -> array) as F32 safetensors with string metadata."""
    header, body = {'__metadata__': metadata}, b''
    for key, array in tensors.items():
        data = np.ascontiguousarray(array, dtype='<f4').tobytes()
        header[key] = {'dtype': 'F32', 'shape': list(np.shape(array)), 'data_offsets': [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header).encode()
    text += b' ' * (-len(text) % 8)
    with open(os.path.join(FOLDER, name), 'wb') as file:
        file.write(struct.pack('<Q', len(text)) + text + body)


def key_of(name):
    """FNV-1a of a name."""
    value = 0x811C9DC5
    for byte in name.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def units(name, count):
    """`count` numbers in [0, 1) with 24 bits from a name: the twin of `units` in test/core/golden.ts (Wellons' lowbias32)."""
    x = (np.arange(count, dtype=np.uint64) + key_of(name)) & 0xFFFFFFFF
    x ^= x >> np.uint64(16)
    x = (x * 0x7FEB352D) & 0xFFFFFFFF
    x ^= x >> np.uint64(15)
    x = (x * 0x846CA68B) & 0xFFFFFFFF
    x ^= x >> np.uint64(16)
    return (x >> np.uint64(8)).astype(np.float64) / 16777216.0


def nhwc(array):
    """N C H W -> N H W C; other ranks as they are."""
    return np.transpose(array, (0, 2, 3, 1)) if np.ndim(array) == 4 else array


def rsck(array):
    """K C R S -> R S C K, or [out, in] -> [in, out]; vectors as they are."""
    array = np.asarray(array)
    return np.transpose(array, (2, 3, 1, 0)) if array.ndim == 4 else array.T
