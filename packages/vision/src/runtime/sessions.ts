/** RGB pictures of one size as every model takes them: uint8, [count, height, width, 3]. */
export interface Pixels {
  readonly count: number;
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** An output of a model: 32-bit floats. */
export interface FloatTensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** A model's outputs by their names in the manifest. */
export type ModelOutputs = Readonly<Record<string, FloatTensor>>;

/** One warm onnxruntime session a model, created on first use. */
export interface Sessions {
  /** Is this model (an id of the manifest) installed? */
  has(id: string): boolean;
  /** Runs a model. */
  run(id: string, pixels: Pixels): Promise<ModelOutputs>;
  /** Loads these models now. */
  warm(ids: readonly string[]): Promise<void>;
  close(): Promise<void>;
}
