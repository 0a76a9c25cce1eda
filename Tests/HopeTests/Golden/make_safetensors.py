"""Writes the safetensors files of SafetensorsTests with the reference implementation.

Run in this folder: python3 make_safetensors.py   (safetensors 0.8.0, numpy)
The values are small multiples of powers of two, so that every dtype holds them exactly.
"""
import numpy as np
from safetensors import TensorSpec, serialize_file
from safetensors.numpy import save_file

tensors = {
    "blocks.0.weight": np.arange(-3, 3, dtype=np.float32).reshape(2, 3) / 4,
    "embedding": np.array([1.5, -2.0, 0.0, 1024.0, 6.103515625e-05], dtype=np.float32),
    "scalar": np.array(-0.5, dtype=np.float32),
    "größe \"1\"": np.zeros((0, 4), dtype=np.float32),
}
save_file(tensors, "safetensors-f32.safetensors", metadata={"made by": "tab\there, \\ and é"})
save_file(
    {name: value.astype(np.float16) for name, value in tensors.items()},
    "safetensors-f16.safetensors")

narrow = {
    name: np.asarray(value.view(np.uint32) >> 16, dtype=np.uint16)
    for name, value in tensors.items()}
serialize_file(
    {name: TensorSpec(
        dtype="bfloat16", shape=value.shape, data_ptr=value.ctypes.data, data_len=value.nbytes)
     for name, value in narrow.items()},
    "safetensors-bf16.safetensors", None)
