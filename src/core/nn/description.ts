// A model as data: versioned JSON that builds the net, travels with every checkpoint and is what the exporters read.
// Dims: images are N H W C, filters R S C K. `name` is the parameter prefix in PyTorch's state_dict
// (`layer1.0.conv1`).

import type { Tensor } from '../tensor/trace.ts'

/** A net as data: what its photos are, its layers, and its classes. It travels with every checkpoint. */
export interface ModelDescription {
  readonly format: 'winnow-model'
  readonly version: 1
  readonly preset: string
  readonly input: { readonly height: number; readonly width: number; readonly channels: number }
  /** Pixels v in 0..255 enter the net as (v / 255 - mean[c]) / std[c]. */
  readonly normalise: { readonly mean: readonly number[]; readonly std: readonly number[] }
  /** Class names in the order of the logits. */
  readonly classes: readonly string[]
  readonly layers: readonly LayerDescription[]
  /** Answers with the mean of the logits for a photo and for its mirror image, left and right exchanged. Training shows
   *  each photo once. */
  readonly mirrored?: boolean
  /** What the layers of type 'own' are, by the name of their op; no file holds them. */
  readonly ops?: OwnOps
}

/**
 * How the weights of a layer begin: He (for ReLU), Xavier (for layers without one), or normal with this standard
 * deviation. Left out, what follows the layer decides (build.ts).
 */
export type WeightsBegin = 'he' | 'xavier' | number

/** [N,H,W,C] -> [N,P,Q,filters], zero padding [top, left, bottom, right]; weight [filters, C/groups, R, S] in the state
 *  dict. */
export interface Conv2dDescription {
  readonly type: 'conv2d'
  readonly name: string
  readonly filters: number
  readonly kernel: readonly [number, number]
  readonly stride: readonly [number, number]
  readonly padding: readonly [number, number, number, number]
  readonly dilation: readonly [number, number]
  readonly groups: number
  readonly bias: boolean
  readonly initial?: WeightsBegin
}

/** [N,F] -> [N,units]; weight [units, F] in the state dict. */
export interface DenseDescription {
  readonly type: 'dense'
  readonly name: string
  readonly units: number
  readonly bias: boolean
  readonly initial?: WeightsBegin
}

/** Per channel over N H W; state dict: weight, bias, running_mean, running_var. running = (1 - momentum) running +
 *  momentum batch. */
export interface BatchNormDescription {
  readonly type: 'batch-norm'
  readonly name: string
  readonly epsilon: number
  readonly momentum: number
}

/** Each photo's channels in `groups`, normalised over the group's H W; state dict: weight, bias. Running statistics
 *  there are none. */
export interface GroupNormDescription {
  readonly type: 'group-norm'
  readonly name: string
  readonly groups: number
  readonly epsilon: number
}

/** The channels of each place, [N,F] or [N,H,W,C], normalised over F or C alone; state dict: weight, bias. */
export interface LayerNormDescription {
  readonly type: 'layer-norm'
  readonly name: string
  readonly epsilon: number
}

/** Window maximum or mean; padding [top, left, bottom, right] never wins a maximum and is not counted in a mean. */
export interface PoolDescription {
  readonly type: 'max-pool' | 'average-pool'
  readonly size: readonly [number, number]
  readonly stride: readonly [number, number]
  readonly padding: readonly [number, number, number, number]
}

/** The mean of P x Q windows that share the photo out evenly, overlapping where the sides do not divide (PyTorch's
 *  adaptive pool). */
export interface AdaptivePoolDescription {
  readonly type: 'adaptive-average-pool'
  readonly size: readonly [number, number]
}

/** leaky-relu has slope 0.01 below zero; gelu is the exact one, x Phi(x); silu is x sigmoid(x); relu6 is min(max(x, 0), 6);
 *  hard-swish is x relu6(x + 3) / 6, hard-sigmoid relu6(x + 3) / 6. */
export interface ActivationDescription {
  readonly type: 'relu' | 'leaky-relu' | 'gelu' | 'silu' | 'sigmoid' | 'tanh' | 'relu6' | 'hard-swish' | 'hard-sigmoid'
}

/** Zeroes each value with probability `rate` while training and scales the rest by 1 / (1 - rate). */
export interface DropoutDescription {
  readonly type: 'dropout'
  readonly rate: number
}

/** [N,H,W,C] -> [N,C] (mean over H W), or [N, H*W*C]; a flatten counts as C H W in the state dict of the dense that
 *  follows. */
export interface ReshapeDescription {
  readonly type: 'global-average-pool' | 'flatten'
}

/** body(x) + shortcut(x); an empty shortcut is x itself. */
export interface ResidualDescription {
  readonly type: 'residual'
  readonly body: readonly LayerDescription[]
  readonly shortcut: readonly LayerDescription[]
}

/** x times body(x), which has one value a channel, [N,1,1,C], or the shape of x (squeeze and excitation). */
export interface MultiplyDescription {
  readonly type: 'multiply'
  readonly body: readonly LayerDescription[]
}

/** Changes nothing: what flows here is known to a later pooled-marks by this name. */
export interface MarkDescription {
  readonly type: 'mark'
  readonly mark: string
}

/** The means over H W of what flowed at these marks, side by side: [N, sum of their C]. What flows in is dropped. */
export interface PooledMarksDescription {
  readonly type: 'pooled-marks'
  readonly marks: readonly string[]
}

/** The branches' outputs side by side along C. */
export interface ConcatDescription {
  readonly type: 'concat'
  readonly branches: readonly (readonly LayerDescription[])[]
}

/** Records an op that core does not know on x [N ...] and answers y [N ...]. Parameters are
 *  x.trace.parameter(`${layer.name}.weight`, ...) or `.bias`; a weight of two or four dims stands turned in files, as
 *  PyTorch has it ([in, out] as [out, in], [R S C K] as [K C R S]). */
export type OwnOp = (x: Tensor, layer: OwnDescription) => Tensor
/** Own ops by the name that layers of type 'own' call them by. */
export type OwnOps = Readonly<Record<string, OwnOp>>

/** An op that core does not know (own-ops.ts); `options` are values of JSON, which it is given. */
export interface OwnDescription {
  readonly type: 'own'
  readonly name: string
  readonly op: string
  readonly options: Readonly<Record<string, unknown>>
}

/** One layer as data; `layers` writes them. Weights stand in the state dict under `name`. */
export type LayerDescription =
  | Conv2dDescription
  | DenseDescription
  | BatchNormDescription
  | GroupNormDescription
  | LayerNormDescription
  | PoolDescription
  | AdaptivePoolDescription
  | ActivationDescription
  | DropoutDescription
  | ReshapeDescription
  | ResidualDescription
  | ConcatDescription
  | MultiplyDescription
  | MarkDescription
  | PooledMarksDescription
  | OwnDescription

/** Named values in PyTorch's layout (filters K C R S, dense [out, in], flattened C H W): what checkpoints and exports
 *  hold. */
export type StateDict = ReadonlyMap<
  string,
  { readonly shape: readonly number[]; readonly data: Float32Array<ArrayBuffer> }
>
