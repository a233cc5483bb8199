// The kernels of the CPU device (src/core/cpu), in AssemblyScript: each takes the address of its arguments, the items
// first .. end - 1 that it computes, and where the first of them is read from and goes, if the caller says so.

export { setScratch } from './lib/scratch'
export { pack } from './products/pack'
export { multiply } from './products/multiply'
export { accumulate } from './products/accumulate'
export { columnSum } from './products/column-sum'
export { biasRelu } from './products/bias'
export { depthwise, depthwiseWeightGradient } from './products/depthwise'
export {
  batchNormBackwardPartial,
  batchNormInfer,
  batchNormMerge,
  batchNormMergeSums,
  batchNormNormalise,
  batchNormPartial,
} from './normalisation/batch-norm'
export { batchNormBackwardApply } from './normalisation/batch-norm-gradient'
export {
  groupNormApply,
  groupNormInputGradient,
  groupNormParameterGradients,
  groupNormStatistics,
} from './normalisation/group-norm'
export { maxPoolBackward, maxPoolForward, maxPoolStage } from './pooling/max-pool'
export {
  averagePoolBackward,
  averagePoolForward,
  globalAveragePoolBackward,
  globalAveragePoolForward,
} from './pooling/average-pool'
export { add, dropout, reluBackward, reluForward, scaleBy } from './elementwise/elementwise'
export { concatRead, concatWrite } from './elementwise/concat'
export { activationBackward, activationForward, relu6Backward, relu6Forward } from './elementwise/activation'
export { softmax } from './elementwise/softmax'
export { adagrad, adam, rmsprop, sgd } from './optim/optimizers'
export { accumulateGradients, averageWeights, gradientSquares } from './optim/gradients'
export { gatherBatch } from './batch/gather-batch'
export { meanOfHalves, storeRows, withMirrored } from './batch/rows'
