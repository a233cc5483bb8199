// The named values of a run's settings, in the order in which they are offered.

export const optimizerNames = ['sgd', 'momentum', 'nesterov', 'adagrad', 'rmsprop', 'adam', 'adamw'] as const
export type OptimizerName = (typeof optimizerNames)[number]

export const scheduleNames = ['constant', 'step', 'cosine', 'one-cycle'] as const
export type ScheduleName = (typeof scheduleNames)[number]

export const precisionNames = ['auto', 'f32', 'f16'] as const
export const headNames = ['own', 'features', 'linear'] as const
export const fitNames = ['squash', 'letterbox'] as const

/** The nets of core that a run can be asked for, the small ones first. */
export const presets = [
  'softmax',
  'mlp',
  'simple-conv',
  'deep-convnet',
  'photo-convnet',
  'resnet9',
  'small-resnet',
  'vgg11',
  'vgg16',
  'googlenet',
  'mobilenet-v1',
  'mobilenet-v1-torch',
  'mobilenet-v2',
  'mobilenet-v2-folded',
  'resnet18',
  'resnet34',
  'resnet50',
] as const
