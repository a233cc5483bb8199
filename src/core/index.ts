// The programming interface of the core: what hosts and people who write their own nets import.

export { CoreError, type CoreErrorCode } from './error.ts'
export type { Device, DeviceCounters, DeviceInfo } from './device.ts'
export { createCpuDevice, type CpuDeviceOptions } from './cpu/cpu-device.ts'
export { cpuAbilities } from './cpu/wasm-module.ts'
export { createReferenceDevice } from './cpu/reference-device.ts'
export { serveThread } from './cpu/thread.ts'
export type { ThreadSetup } from './cpu/thread-loop.ts'
export { cpuDeviceName, WasmDevice, type StartedThread, type StartThread } from './cpu/wasm-device.ts'
export { createGpuDevice, deviceDescriptor } from './gpu/gpu-device.ts'
export type { TuningMemory } from './gemm/tune.ts'
export type { Measured, Tuning } from './gpu/tuner.ts'
export type {
  LayerDescription,
  ModelDescription,
  OwnDescription,
  OwnOp,
  OwnOps,
  StateDict,
  WeightsBegin,
} from './nn/description.ts'
export { he, normal, ones, uniform, xavier, zeros } from './nn/initialisers.ts'
export {
  elementKernel,
  float,
  groupKernel,
  kernel,
  type Access,
  type Bindings,
  type BindingUse,
  type Constants,
  type Dims,
  type ElementKernel,
  type FloatConstant,
  type Grid,
  type GroupKernel,
  type Kernel,
  type KernelParts,
  type ReadBytes,
  type ReadFloats,
  type ReadWords,
  type ReferenceArrays,
} from './kernels/kernel.ts'
export type { StepValues } from './kernels/step.ts'
export type { Target } from './kernels/target.ts'
export { ops } from './ops/ops.ts'
export type { Shape } from './tensor/shape.ts'
export { Trace, type Backward, type Initial, type Role, type Tensor } from './tensor/trace.ts'
export { binaryCrossEntropy, focalLoss, meanSquaredError, type FocalOptions } from './ops/losses/class-losses.ts'
export { softmaxCrossEntropy } from './ops/losses/cross-entropy.ts'
export { lossOf, type Loss, type LossOptions, type LossTensors } from './ops/losses/loss.ts'
export { describePreset, presetNames, type PresetInput } from './nn/presets.ts'
export { backbonePresets, describeModel, featureHead, featureCount, withFeatureHead } from './nn/feature-head.ts'
export {
  LinearHeads,
  type FeatureTable,
  type HeadOptions,
  type LearntHead,
  type LinearHead,
} from './linear/linear-heads.ts'
export { headAnswers } from './linear/head-answers.ts'
export { chooseHead, outOfFold, scoreOf, type ChosenHead, type Folds, type OutOfFold } from './linear/choose-head.ts'
export * from './nn/layers.ts'
export { frozenTo, isHead, stagesOf, type FreezeDepth, type NetStage } from './nn/stages.ts'
export { decodeWeights, type ReadWeights } from './io/checkpoint.ts'
export { readWeights } from './io/known-weights.ts'
export { parseModelDescription } from './nn/model-json.ts'
export { encodeOnnx, encodeOnnxEnsemble, type OnnxNet, type OnnxOptions } from './io/onnx.ts'
export { decodeSnapshot, encodeSnapshot, type AboutSnapshot } from './io/snapshot.ts'
export { fits, smallestSide } from './nn/smallest-side.ts'
export { recognisePreset } from './nn/recognise.ts'
export { compareWeights, type SourceWeights, type TransferReport } from './nn/transfer.ts'
export { summarise, type LayerSummary, type ModelSummary } from './nn/summary.ts'
export { adam, type AdamOptions } from './optim/adam.ts'
export { adagrad, type AdagradOptions } from './optim/adagrad.ts'
export { withEma } from './optim/ema.ts'
export { rmsprop, type RmspropOptions } from './optim/rmsprop.ts'
export { sgd, type SgdOptions } from './optim/sgd.ts'
export type { Optimizer } from './optim/optimizer.ts'
export { constant, cosine, oneCycle, stepwise, warmUp, type Schedule } from './optim/schedule.ts'
export { photoSet, type Photos } from './data/make-photo-set.ts'
export { pixelStatistics, type PhotoSet } from './data/photo-set.ts'
export type { ChangeKind } from './kernels/batch/draw-changes.ts'
export type { Augmentation, Chance } from './ops/batch/augmentation.ts'
export { train } from './train/train.ts'
export { fit, type Fit, type FitOptions } from './train/fit-model.ts'
export { HistoryFold, type HistoryEntry } from './train/fold-history.ts'
export type { CheckpointEvent, TrainEvent } from './train/events.ts'
export type { Precision, TrainingOptions } from './train/settings.ts'
export { usableWeights, type Progress, type Snapshot } from './train/snapshot.ts'
export { createFeatureExtractor, type FeatureExtractor } from './train/evaluation/feature-extractor.ts'
export { predict, predictWithFeatures, type Described } from './train/evaluation/predict.ts'
export { createHeatMapper, type HeatMap, type HeatMapper } from './train/evaluation/heat-map.ts'
export { meanProbabilities } from './train/evaluation/ensemble.ts'
export { prepareTraining } from './train/prepare.ts'
export { isBetter, mostProbable, score, type Metric, type Score } from './train/evaluation/score.ts'
