# Makes golden.json: what Pillow and numpy say of pictures that patterns.ts can make again, byte for byte.
#   python3 golden.py > golden.json        (Pillow 9.4, numpy 1.24: Debian 12's python3-pil and python3-numpy)
# Scores are cleanvision's definitions and the hash is imagehash's phash, both written out from their documentation.
import hashlib
import json
import numpy as np
from PIL import Image, ImageFilter, ImageStat

FILTERS = {'bilinear': Image.BILINEAR, 'bicubic': Image.BICUBIC, 'lanczos': Image.LANCZOS}


def pattern(name, width, height):
    y, x, c = np.mgrid[0:height, 0:width, 0:3]
    values = {
        'busy': x * 7 + y * 13 + c * 29 + (x * y) % 31 * 5 + (x * x + 3 * y * y) % 97,
        'ramp': x * 255 // max(1, width - 1) + 0 * y + 0 * c,
        'colours': x * 255 // max(1, width - 1) * (c == 0) + y * 255 // max(1, height - 1) * (c == 1) + 60 * (c == 2),
        'checks': ((x // 8 + y // 8) % 2) * 255 + 0 * c,
        'black': 0 * x, 'white': 0 * x + 255, 'grey': 0 * x + 128,
        'dim': (x * 5 + y * 3 + c * 7) % 70,
        'pale': 250 + (x + y + c) % 6,
        'blob': np.maximum(0, 255 - ((x - width // 2) ** 2 + (y - height // 2) ** 2) // 40) + 0 * c,
    }[name]
    return Image.fromarray((values & 255).astype(np.uint8))


def digest(image):
    return hashlib.sha256(np.asarray(image).tobytes()).hexdigest()


def resized():
    sizes = [(40, 30, 16, 16), (7, 5, 16, 9), (1, 1, 4, 4), (1, 50, 8, 8), (200, 3, 32, 32), (28, 28, 32, 32), (64, 64, 64, 20), (333, 257, 64, 64)]
    for width, height, to_width, to_height in sizes:
        for mode in ('RGB', 'L'):
            image = pattern('busy', width, height).convert(mode)
            for name, kind in FILTERS.items():
                yield {'width': width, 'height': height, 'channels': 3 if mode == 'RGB' else 1, 'toWidth': to_width, 'toHeight': to_height,
                       'filter': name, 'sha256': digest(image.resize((to_width, to_height), kind))}


def reduced():
    for width, height, factor in ((100, 80, 2), (101, 83, 3), (64, 64, 16), (33, 7, 5), (2500, 1301, 2)):
        yield {'width': width, 'height': height, 'factor': factor, 'sha256': digest(pattern('busy', width, height).reduce(factor))}


def phash(image):
    k, x = np.mgrid[0:32, 0:32]
    dct = np.cos(np.pi * k * (2 * x + 1) / 64)
    low = (dct @ np.asarray(image.convert('L').resize((32, 32), Image.LANCZOS)).astype(float) @ dct.T)[:8, :8].round(4)
    return '%016x' % int(''.join('1' if bit else '0' for bit in (low > np.median(low)).flatten()), 2)


def scores(image):
    values = np.asarray(image).astype(int)
    if image.mode == 'L':
        brightness = values / 255
    else:
        brightness = np.sqrt(0.241 * values[:, :, 0] ** 2 + 0.691 * values[:, :, 1] ** 2 + 0.068 * values[:, :, 2] ** 2) / 255
    width, height = image.size
    ratio = max(width, height) / 64
    small = image.resize((max(int(width // ratio), 1), max(int(height // ratio), 1))) if ratio > 1 else image.copy()
    grey = small.convert('L')
    edges = 1 - np.exp(-0.01 * np.sqrt(ImageStat.Stat(grey.filter(ImageFilter.FIND_EDGES)).var[0]))
    spread = 1 - np.exp(-0.01 * np.std(grey.histogram()))
    return {'dark': float(np.percentile(brightness, 99)), 'light': float(1 - np.percentile(brightness, 5)),
            'blurry': float(min(1, edges + (spread if spread > 0.18 else 0))), 'lowInformation': min(1, 0.1 * image.entropy()),
            'oddAspect': min(width / height, height / width)}


def judged():
    for name in ('busy', 'ramp', 'colours', 'checks', 'black', 'white', 'grey', 'dim', 'pale', 'blob'):
        for width, height in ((28, 28), (300, 200), (90, 400)):
            image = pattern(name, width, height)
            bands = np.asarray(image)
            grey = bool((bands[:, :, 0] == bands[:, :, 1]).all() and (bands[:, :, 1] == bands[:, :, 2]).all())
            yield {'pattern': name, 'width': width, 'height': height, 'grey': grey, 'phash': phash(image),
                   **scores(image.convert('L') if grey else image)}


print(json.dumps({'greySha256': digest(pattern('busy', 333, 257).convert('L')), 'resized': list(resized()), 'reduced': list(reduced()),
                  'large64': digest(pattern('busy', 2500, 1301).reduce(2).resize((64, 64), Image.BILINEAR)), 'judged': list(judged())}, indent=1))
