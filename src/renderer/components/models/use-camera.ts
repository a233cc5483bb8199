// The camera as a source of photos, on only while it is asked for. Pictures are taken as PNG, so nothing is lost before
// the model sees them.

import { onBeforeUnmount, shallowRef } from 'vue'
import type { ShallowRef } from 'vue'

export interface Camera {
  readonly stream: Readonly<ShallowRef<MediaStream | null>>
  /** Asks the person for the camera. Rejects with the platform's error where it is refused or there is none. */
  start(): Promise<void>
  stop(): void
  /** The picture of this moment, or null while the video has none. */
  take(video: HTMLVideoElement): Promise<Blob | null>
}

export function useCamera(): Camera {
  const stream = shallowRef<MediaStream | null>(null)
  let wanted = false

  async function start(): Promise<void> {
    wanted = true
    const found = await navigator.mediaDevices.getUserMedia({
      video: { width: { ideal: 640 }, height: { ideal: 480 } },
      audio: false,
    })
    if (wanted) stream.value = found
    else end(found)
  }

  function stop(): void {
    wanted = false
    if (stream.value) end(stream.value)
    stream.value = null
  }

  onBeforeUnmount(stop)
  return { stream, start, stop, take }
}

function end(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}

function take(video: HTMLVideoElement): Promise<Blob | null> {
  const { videoWidth: width, videoHeight: height } = video
  if (width === 0 || height === 0) return Promise.resolve(null)
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  canvas.getContext('2d')!.drawImage(video, 0, 0)
  return new Promise(resolve => canvas.toBlob(resolve, 'image/png'))
}
