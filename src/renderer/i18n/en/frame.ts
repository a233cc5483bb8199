// English: the frame, errors, jobs, settings.

export const frame = {
  stages: { label: 'Stages', library: 'Library', clean: 'Clean', train: 'Train', review: 'Review', models: 'Models', skip: 'Skip to the photos' },
  common: {
    cancel: 'Cancel', close: 'Close', undo: 'Undo', redo: 'Redo', retry: 'Try again', open: 'Open', save: 'Save', delete: 'Delete', back: 'Back',
    next: 'Next', previous: 'Previous', more: 'Details', less: 'Fewer details', none: 'none', all: 'All', loading: 'Loading', done: 'Done',
    photos: '{count} photo | {count} photos', classes: '{count} class | {count} classes', epochs: '{count} epoch | {count} epochs', showLeft: 'Show the list', showRight: 'Show details',
    copy: 'Copy', copied: 'Copied', plusMinus: '± {value}',
  },
  splits: { train: 'Train', validation: 'Validation', test: 'Test', none: 'No split' },
  connection: {
    lost: 'The service is not answering. Winnow tries again by itself; nothing that was saved is lost.',
    back: 'The service answers again.',
    refused: 'This page may not speak to the service: its address has no valid key. Open the address that "winnow serve" printed.',
    connecting: 'Connecting to the service',
  },
  gpu: {
    chip: 'GPU: {name}', cpu: 'CPU only', looking: 'Looking for a GPU', title: 'What computes', software: 'Software adapter',
    softwareText: 'This machine computes the GPU\'s work on its processor. Everything works, but training is slow.',
    adapter: 'Adapter', lost: 'The GPU was lost in mid-training. Training went on from the last saved step.',
    noneTitle: 'No GPU was found, so training runs on the processor. It is slower, and gives the same results.',
    noneFix: 'Update the graphics driver. In Chrome, turn on "Use graphics acceleration" in the settings; on Linux also chrome://flags/#enable-vulkan.',
    how: 'How to get a GPU working', reason: 'The browser said: {reason}',
    noApi: 'this browser has no WebGPU', noAdapter: 'no adapter was offered', failed: 'the adapter could not be used',
    imitated: 'it has no GPU to offer and only imitates one, which is slower than the processor alone',
    chosenText: 'Training runs on the processor, as chosen here.', processor: 'the processor', choice: 'Compute on', choices: { auto: 'Whatever is fastest', gpu: 'The GPU', processor: 'The processor' }, choiceText: 'The processor helps where a graphics driver fails. A run that is under way stays where it is.',
  },
  jobs: {
    chip: '{count} job | {count} jobs', idle: 'No jobs', title: 'Jobs', left: '{time} left', rate: '{count} a second', of: '{done} of {total}',
    pause: 'Pause', resume: 'Go on', cancel: 'Cancel', empty: 'Nothing is running. Imports and checks show up here while they work.',
    training: 'Training', dismiss: 'Clear the finished',
    kinds: { import: 'Adding photos', check: 'Checking photos', pixels: 'Preparing pixels', sample: 'Making the sample library', export: 'Copying the data set', relink: 'Finding moved files', verify: 'Verifying the library', classify: 'Classifying a folder' },
    states: { queued: 'waiting', running: 'running', paused: 'paused', done: 'done', cancelled: 'cancelled', failed: 'failed' },
    finished: { import: '{count} photo added | {count} photos added', check: 'Photos checked', pixels: 'Pixels ready', sample: 'The sample library is ready', export: 'Data set copied', relink: 'Moved files looked for', verify: 'Library verified', classify: '{count} photo classified | {count} photos classified' },
  },
  settings: {
    title: 'Settings', theme: 'Theme', system: 'As the system', dark: 'Dark', light: 'Light', language: 'Language', keys: 'Keys',
    singleKeys: 'Letters and digits work as keys', singleKeysText: 'Switch this off where speech input or a habit presses them by chance.',
    advance: 'After a decision go to the next photo', shortcuts: 'All keys',
  },
  errors: {
    title: 'That did not work', fix: 'What to do', unknownPage: 'There is no such page', notFound: 'This address leads nowhere in Winnow.',
  },
  decisions: {
    label: '{count} photo labelled {class} | {count} photos labelled {class}',
    unlabel: 'Label taken from {count} photo | Label taken from {count} photos',
    exclude: '{count} photo excluded | {count} photos excluded',
    include: '{count} photo included again | {count} photos included again',
    split: '{count} photo moved to {split} | {count} photos moved to {split}',
    unsplit: '{count} photo left without a split | {count} photos left without a split',
    keep: 'Another copy is kept',
    accept: '{count} photo is fine as it is ({problem}) | {count} photos are fine as they are ({problem})',
    unaccept: '{count} photo is doubtful again ({problem}) | {count} photos are doubtful again ({problem})',
    'class-create': 'Class made: {class}', 'class-rename': 'Class renamed: {was} → {class}',
    'class-merge': 'Class merged: {was} → {class}, {count} photo | Class merged: {was} → {class}, {count} photos', 'class-delete': 'Class deleted: {class}',
    undone: 'Undone: {text}', redone: 'Done again: {text}', nothing: 'Nothing changed: these photos were like that already.',
  },
}
