// SPDX-License-Identifier: Apache-2.0

/** Why there is no camera picture. */
export type CameraTrouble = 'denied' | 'missing' | 'busy' | 'insecure';

const troubleByName: { readonly [name: string]: CameraTrouble } = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotReadableError: 'busy',
  AbortError: 'busy',
};

export function cameraTrouble(error: unknown): CameraTrouble {
  return (error instanceof Error && troubleByName[error.name]) || 'missing';
}

type TorchCapabilities = MediaTrackCapabilities & { torch?: boolean };

/** The back camera, played into a video element. */
export class Camera {
  #stream: MediaStream | undefined;

  /** Rejects with the browser's own error: see cameraTrouble(). */
  async open(video: HTMLVideoElement): Promise<void> {
    this.#stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 960 } },
    });
    video.srcObject = this.#stream;
    await video.play();
  }

  get hasTorch(): boolean {
    const capabilities = this.#track?.getCapabilities?.() as TorchCapabilities | undefined;
    return capabilities?.torch === true;
  }

  async setTorch(on: boolean): Promise<void> {
    await this.#track?.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] });
  }

  /** Called once if the camera goes away by itself. */
  onEnded(listener: () => void): void {
    this.#track?.addEventListener('ended', listener, { once: true });
  }

  close(): void {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = undefined;
  }

  get #track(): MediaStreamTrack | undefined {
    return this.#stream?.getVideoTracks()[0];
  }
}
