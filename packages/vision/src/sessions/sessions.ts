/** A tensor of 32-bit floats. */
export interface FloatTensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** One warm onnxruntime session a model of the manifest, created on first use. */
export interface Sessions {
  /** Is a model of this role (manifest) installed? */
  has(role: string): boolean;
  /** Runs the model of that role. Inputs and outputs by the model's own names. */
  run(
    role: string,
    inputs: Readonly<Record<string, FloatTensor>>,
  ): Promise<Readonly<Record<string, FloatTensor>>>;
  /** Loads these roles now. */
  warm(roles: readonly string[]): Promise<void>;
  close(): Promise<void>;
}
