// The peers are fetched for the benchmark alone; their types are no part of this project.
declare module '@tensorflow/tfjs-core'
declare module '@tensorflow/tfjs-layers'
declare module '@tensorflow/tfjs-backend-webgpu'
declare module '@jax-js/jax'
