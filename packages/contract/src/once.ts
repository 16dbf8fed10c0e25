/**
 * `make` is called at the first call, and its value kept. Schemas are made so: a new process builds those that it reads
 * with, and no others.
 */
export function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
