// English: what each key does.

export const keys = {
  keys: {
    title: 'Keys', hint: 'Choose a line to give it another key. They work wherever no text is being typed.', press: 'Press the new key', change: 'Change the key of: {name}', reset: 'Back to the first keys', or: 'or', everywhere: 'everywhere',
    taken: '{key} is already used by: {name}', all: 'all keys',
    scopes: { app: 'Everywhere', photos: 'Photos', viewer: 'Photo viewer', review: 'Review', train: 'Training' },
    app: { undo: 'undo', redo: 'redo', sheet: 'all keys', library: 'Library', clean: 'Clean', train: 'Train', review: 'Review', models: 'Models' },
    photos: {
      label: 'label', clear: 'clear the label', choose: 'choose a class by name', exclude: 'exclude', view: 'view', all: 'select all', none: 'select none',
      move: 'move', range: 'extend the selection', search: 'search', toggle: 'select or not', ends: 'first and last', pages: 'a page up or down',
    },
    viewer: { close: 'close', next: 'next', previous: 'previous', zoomIn: 'larger', zoomOut: 'smaller', fit: 'whole photo' },
    review: { accept: 'take the proposed label', keep: 'keep the label', exclude: 'exclude', unsure: 'not sure', label: 'another class', choose: 'choose a class by name', view: 'view', heat: 'where it looked', next: 'next', previous: 'previous' },
    train: { pause: 'pause or go on' },
    clean: { accept: 'fine as it is', later: 'later' },
  },
}
