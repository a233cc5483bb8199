// English: training, models and charts.

export const models = {
  train: {
    goOn: 'Go on with it',
    freezeTo: 'the first {count}, to {stage}', freezes: { backbone: 'all but the head stays', nothing: 'everything learns' }, trainShare: 'Share of the training photos', freeze: 'What stays as it is', backboneRate: 'Rate of all but the head, factor', fromFile: 'Begins with file',
    groups: { photos: 'Net and photos', learning: 'Learning', mixing: 'Random changes of the photos', ending: 'When to end and how to measure' }, usual: 'usual: {value}', channelNames: { '3': 'colour', '1': 'grey' }, fits: { squash: 'squashed', letterbox: 'whole, between grey bars' },
    schedules: { constant: 'constant', step: 'in steps', cosine: 'cosine', 'one-cycle': 'one cycle' }, weights: { equal: 'all the same', balanced: 'rare classes weigh more' }, recipes: { none: 'none', light: 'light: shifts and flips', medium: 'medium: also turns, zoom, light', strong: 'strong: also crops, colours, patches', own: 'a recipe of its own' },
    optimizer: 'Optimizer', momentum: 'Momentum', decay: 'Weight decay', schedule: 'Rate over the run', warmUp: 'Warm-up, share of the run', floor: 'Rate left at the end, share', stepEvery: 'A step every, share of the run', stepFactor: 'Factor of a step', clip: 'Largest norm of gradients', average: 'Averaged weights', labelSmoothing: 'Label smoothing', classWeights: 'Weight of classes', precision: 'Activations stored as', precisions: { auto: 'as a trial says', f32: '32 bits', f16: '16 bits' }, mixup: 'Blend photos, up to', cutmix: 'Paste pieces of other photos', patience: 'End when it no longer improves, after', iterations: 'End after steps', validationSample: 'Validation photos an epoch', fromRunId: 'Begins with run', augmentation: 'Augmentation',
    rateNow: 'learning rate {rate}', stepsPerSecond: '{count} steps a second', bestAt: 'best so far {accuracy} at epoch {epoch}',
    title: 'Train', start: 'Train', again: 'Train again',
    sentence: 'Winnow will train {preset} on {photos} photos of {classes} classes at {size} px {colour} for {epochs} epochs{augment}.',
    colour: 'in colour', grey: 'in grey', augmented: { light: ', with small shifts and flips', medium: ', with shifts, flips, turns and changes of light', strong: ', with strong changes of place, colour and light', own: ', with an augmentation of its own' }, because: 'Why', device: 'Computed by {device}.', change: 'Change', details: 'Details',
    preset: 'Network', size: 'Edge of the photos, px', channels: 'Colours', fit: 'Photos that are no squares', epochs: 'Epochs', batch: 'Photos a step', rate: 'Learning rate', seed: 'Seed', augment: 'Augmentation',
    suggested: 'As suggested', epoch: 'Epoch', of: 'of {total}', validationAccuracy: 'Validation accuracy', photosPerSecond: 'Photos a second', timeLeft: 'Time left', ending: 'Finishing: the best weights judge every photo once more',
    advice: 'Most worth doing next', pause: 'Pause', resume: 'Go on', stop: 'Stop, keep best', cancel: 'Cancel', cancelTitle: 'Cancel this run?', cancelText: 'The run ends without a model. What it has learned so far is thrown away.', cancelYes: 'Cancel the run', cancelNo: 'Keep training',
    accuracy: 'Accuracy', loss: 'Loss', now: 'What it thinks now', nowCount: '{photos} validation photos · {right} right', warning: 'Warning', waiting: 'Predictions appear after the first look at the validation photos.',
    preparing: 'Preparing pixels', starting: 'Building the network for this GPU', paused: 'Paused', done: 'Finished', stopped: 'Stopped, best kept', failed: 'The run failed', cancelled: 'Cancelled', interrupted: 'This run was interrupted',
    interruptedText: 'The page that trained it was closed. What was saved is still there.',
    emptyTitle: 'This view trains a model on your photos', emptyText: 'A model needs at least two classes with a few photos each. Add photos first.', runLine: 'Run {id} · seed {seed} · labels as of revision {revision}',
    isClass: 'is {class}', guess: '{class} {confidence}', elsewhere: 'This page does not train this run. If no other window trains it either, its page was closed; what was saved is still there.', leave: 'Training is running.', review: 'See what it got wrong', model: 'Open the model', finishedSentence: 'Validation accuracy {accuracy} after {epochs} epochs, in {time}.',
    finishedTest: 'On photos it never saw: {accuracy}.', photosText: 'Train {train} · validation {validation} · test {test}',
    presets: {
      'simple-conv': 'a small convolutional net', 'photo-convnet': 'a convolutional net for photos', 'small-resnet': 'a small residual net',
      'deep-convnet': 'six convolutions and two dense layers', 'mlp': 'dense layers only', 'softmax': 'one dense layer', 'vgg11': 'eleven layers, large', 'vgg16': 'sixteen layers, very large', 'googlenet': 'branches of convolutions', 'resnet18': 'a residual net of 18 layers', 'resnet34': 'a residual net of 34 layers', 'resnet50': 'a residual net of 50 layers',
    },
  },
  reasons: {},
  notes: {},
  models: {
    modes: { label: 'What to do with models', runs: 'Runs', try: 'Try it', folder: 'Classify a folder', compare: 'Compare', dataset: 'Data set' }, noModelYet: 'This run has no model. Choose a finished one in Runs.', trainOn: 'Train on from it', compareIt: 'Compare', tryIt: 'Try it',
    best: 'best so far', title: 'Models', emptyTitle: 'This view keeps your models', emptyText: 'Every training run ends here with its curves and numbers. Rename, compare or export it.', rename: 'Rename', renameTitle: 'Name of the run', delete: 'Delete', deleteTitle: 'Delete {name}?', deleteText: 'The run, its curves and its weights are deleted. Photos and labels stay.', deleteYes: 'Delete the run',
    export: 'Export ONNX', exportFolds: 'Export the careful check', exportFoldsText: 'The models of the careful check in one file, which answers with the mean of their probabilities.', exporting: 'Writing and comparing', exported: 'Written: {file}', download: 'Save {file}', parity: 'Run by {engine} on {photos} photos: largest difference {difference}, {flipped} answers changed.', unknownBelow: 'The file says that answers below {share} count as unknown, as Try it has it.', parityGood: 'It answers as the app does.', parityBad: 'It does not answer as the app does. Please report this.',
    settings: 'Settings', curves: 'Curves', numbers: 'Numbers', accuracy: 'Accuracy', validation: 'Validation', test: 'Test', created: 'Started', time: 'Time', adapter: 'Computed by', revision: 'Label revision', parameters: 'Parameters', states: { created: 'not started', running: 'running', done: 'finished', stopped: 'stopped, best kept', failed: 'failed' }, name: 'Name', state: 'State', network: 'Network', review: 'Review', networkAt: '{preset}, {size} px', openTrain: 'See its training',
  },
  charts: { names: { accuracy: 'Accuracy', loss: 'Loss', rate: 'Learning rate', speed: 'Steps a second' }, summaryOfSteps: '{name}: {value} at epoch {epoch}.', zoomIn: 'Zoom in: {name}', zoomOut: 'Zoom out: {name}', more: 'Learning rate and speed', train: 'train', validation: 'validation', table: 'As a table', chart: 'As a chart', epoch: 'Epoch', summary: '{name}: train {train}, validation {validation} at epoch {epoch}.', empty: '{name}: no values yet.', smooth: 'Smooth', whole: 'Whole run', zoomHint: 'Drag to zoom' },
}
