"""Answers searches with faiss's IndexFlatIP on one thread: a line of JSON in, a line of JSON out."""

import json
import sys
import time

import faiss
import numpy

faiss.omp_set_num_threads(1)
print(json.dumps({"version": faiss.__version__}), flush=True)
index = None
for line in sys.stdin:
    asked = json.loads(line)
    if "load" in asked:
        index = None
        vectors = numpy.fromfile(asked["load"], dtype=numpy.float32).reshape(asked["n"], asked["dim"])
        index = faiss.IndexFlatIP(asked["dim"])
        index.add(vectors)
        queries = numpy.fromfile(asked["queries"], dtype=numpy.float32).reshape(-1, asked["dim"])
        del vectors
        print(json.dumps({"loaded": index.ntotal}), flush=True)
        continue
    chosen = numpy.ascontiguousarray(queries[asked["from"] : asked["to"]])
    start, cpu = time.perf_counter(), time.process_time()
    scores, rows = index.search(chosen, asked["top"])
    ms, cpu_ms = (time.perf_counter() - start) * 1000, (time.process_time() - cpu) * 1000
    print(json.dumps({"ms": ms, "cpuMs": cpu_ms, "rows": rows.tolist()}), flush=True)
