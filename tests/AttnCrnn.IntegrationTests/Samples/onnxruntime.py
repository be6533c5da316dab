"""InferenceSession of the Python package, with the ONNX Runtime library of the built program through its C API.

A function is called by its index in the struct OrtApi of onnxruntime_c_api.h, to which functions are only appended.
"""

import ctypes
import os

import numpy

POINTER = ctypes.c_void_p
SIZE = ctypes.c_size_t
API_VERSION = 17  # ONNX Runtime 1.17 and later
TYPES = {numpy.dtype("float32"): 1, numpy.dtype("int64"): 7}

library = ctypes.CDLL(os.environ["ORT_LIBRARY"])
library.OrtGetApiBase.restype = ctypes.POINTER(POINTER)
get_api = ctypes.CFUNCTYPE(POINTER, ctypes.c_uint32)(library.OrtGetApiBase()[0])
functions = ctypes.cast(get_api(API_VERSION), ctypes.POINTER(POINTER))


def call(index, *arguments):
    """Calls a function whose last argument is what it writes, or nothing; raises its error."""
    types = [argument.__class__ if hasattr(argument, "value") else POINTER for argument in arguments]
    status = ctypes.CFUNCTYPE(POINTER, *types)(functions[index])(*arguments)
    if status:
        raise RuntimeError(ctypes.CFUNCTYPE(ctypes.c_char_p, POINTER)(functions[2])(status).decode())


def create(index, *arguments, result=POINTER):
    value = result()
    call(index, *arguments, ctypes.byref(value))
    return value


environment = create(3, ctypes.c_int(3), ctypes.c_char_p(b"test"))
memory = create(69, ctypes.c_int(0), ctypes.c_int(0))


class InferenceSession:
    def __init__(self, path, providers):
        assert providers == ["CPUExecutionProvider"]
        self.session = create(7, environment, ctypes.c_char_p(path.encode()), create(10))

    def run(self, names, inputs):
        """Like that of the package, of a model whose first output is what is asked for."""
        assert names is None
        arrays = [numpy.ascontiguousarray(value) for value in inputs.values()]
        values = [self.create_tensor(array) for array in arrays]
        name = create(37, self.session, SIZE(0), create(78), result=ctypes.c_char_p)
        outputs = (POINTER * 1)()
        call(
            9,
            self.session,
            POINTER(None),
            (ctypes.c_char_p * len(inputs))(*[key.encode() for key in inputs]),
            (POINTER * len(values))(*[value.value for value in values]),
            SIZE(len(values)),
            (ctypes.c_char_p * 1)(name.value),
            SIZE(1),
            outputs,
        )
        return [self.read_tensor(POINTER(outputs[0]))]

    @staticmethod
    def create_tensor(array):
        shape = (ctypes.c_int64 * array.ndim)(*array.shape)
        data = POINTER(array.ctypes.data)
        return create(49, memory, data, SIZE(array.nbytes), shape, SIZE(array.ndim), ctypes.c_int(TYPES[array.dtype]))

    @staticmethod
    def read_tensor(value):
        information = create(65, value)
        count = create(61, information, result=SIZE).value
        shape = (ctypes.c_int64 * count)()
        call(62, information, shape, SIZE(count))
        data = ctypes.cast(create(51, value), ctypes.POINTER(ctypes.c_float))
        return numpy.ctypeslib.as_array(data, tuple(shape)).copy()
