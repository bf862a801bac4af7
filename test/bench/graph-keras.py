"""Times the rows of the graph-mode benchmark in Keras 3 on TensorFlow, as it is told line by line. The one argument: threads ("default" or "intra,inter")."""
import json
import os
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"
import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from keras import layers, ops  # noqa: E402

if sys.argv[1] != "default":
    intra, inter = map(int, sys.argv[1].split(","))
    tf.config.threading.set_intra_op_parallelism_threads(intra)
    tf.config.threading.set_inter_op_parallelism_threads(inter)
keras.utils.set_random_seed(1)


def training(model, x, y, optimizer, loss):
    """A step of Keras's own compiled training function on data that are there already: less than train_on_batch does."""
    model.compile(optimizer=optimizer, loss=loss)
    model.make_train_function()
    batches = iter(tf.data.Dataset.from_tensors((tf.constant(x), tf.constant(y))).repeat())
    return lambda: float(model.train_function(batches)["loss"])


def classifier(network, shape, batch, optimizer, targets=10, tokens=0):
    x = np.random.randint(0, tokens, (batch, *shape)).astype("int32") if tokens else np.random.randn(batch, *shape).astype("float32")
    y = np.eye(targets, dtype="float32")[np.random.randint(0, targets, batch)]
    head = layers.Dense(targets, activation="softmax")
    return training(keras.Sequential([keras.Input(shape, dtype="int32" if tokens else "float32"), *network, head]), x, y, optimizer, "categorical_crossentropy")


def convnet():
    conv = lambda filters: layers.Conv2D(filters, 3, activation="relu")  # noqa: E731
    return [conv(32), layers.MaxPooling2D(), conv(64), layers.MaxPooling2D(), conv(64), layers.Flatten(), layers.Dense(64, activation="relu")]


def residual():
    convolved = lambda x, filters, strides, size=3: layers.BatchNormalization()(layers.Conv2D(filters, size, strides, padding="same", use_bias=False)(x))  # noqa: E731
    given = keras.Input((32, 32, 3))
    x = layers.ReLU()(convolved(given, 16, 1))
    for filters, strides in [(16, 1), (32, 2), (64, 2)]:
        inner = convolved(layers.ReLU()(convolved(x, filters, strides)), filters, 1)
        x = layers.ReLU()(inner + (x if strides == 1 else convolved(x, filters, strides, 1)))
    model = keras.Model(given, layers.Dense(10, activation="softmax")(layers.GlobalAveragePooling2D()(x)))
    x, y = np.random.randn(64, 32, 32, 3).astype("float32"), np.eye(10, dtype="float32")[np.random.randint(0, 10, 64)]
    return training(model, x, y, keras.optimizers.SGD(0.01, momentum=0.9), "categorical_crossentropy")


def mobilenet():
    network = [keras.Input((160, 160, 3)), layers.Conv2D(16, 3, 2, padding="same", use_bias=False), layers.BatchNormalization(), layers.ReLU(6.0)]
    for filters, strides in [(32, 1), (64, 2), (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (256, 1), (256, 1), (256, 1), (256, 1), (512, 2), (512, 1)]:
        network += [layers.DepthwiseConv2D(3, strides, padding="same", use_bias=False), layers.BatchNormalization(), layers.ReLU(6.0)]
        network += [layers.Conv2D(filters, 1, use_bias=False), layers.BatchNormalization(), layers.ReLU(6.0)]
    model = keras.Sequential([*network, layers.GlobalAveragePooling2D()])
    x = tf.constant(np.random.randn(64, 160, 160, 3).astype("float32"))
    predict = tf.function(lambda photos: model(photos, training=False))
    return lambda: predict(x).numpy()


def transformer(blocks, width, length, batch, vocabulary=64, heads=4):
    given = keras.Input((length,), dtype="int32")
    x = layers.Embedding(vocabulary, width)(given) + layers.Embedding(length, width)(ops.arange(length))
    for _ in range(blocks):
        normalized = layers.LayerNormalization(epsilon=1e-5)(x)
        x = x + layers.MultiHeadAttention(heads, width // heads)(normalized, normalized, use_causal_mask=True)
        x = x + layers.Dense(width)(layers.Dense(4 * width, activation="relu")(layers.LayerNormalization(epsilon=1e-5)(x)))
    model = keras.Model(given, layers.Dense(vocabulary)(layers.LayerNormalization(epsilon=1e-5)(x)))
    ids = np.random.randint(0, vocabulary, (batch, length + 1)).astype("int32")
    return training(model, ids[:, :-1], ids[:, 1:], keras.optimizers.Adam(), keras.losses.SparseCategoricalCrossentropy(from_logits=True))


ROWS = {
    "dense": lambda: classifier([layers.Dense(512, activation="relu")], (784,), 128, keras.optimizers.Adam()),
    "convnet": lambda: classifier(convnet(), (28, 28, 1), 64, keras.optimizers.RMSprop()),
    "lstm": lambda: classifier([layers.LSTM(64)], (64, 32), 64, keras.optimizers.Adam()),
    "gru": lambda: classifier([layers.GRU(64)], (64, 32), 64, keras.optimizers.Adam()),
    "embedding": lambda: classifier([layers.Embedding(10_000, 32), layers.LSTM(32)], (200,), 32, keras.optimizers.Adam(), targets=2, tokens=10_000),
    "residual": residual,
    "mobilenet": mobilenet,
    "transformer-2": lambda: transformer(2, 64, 64, 32),
    "transformer-4": lambda: transformer(4, 128, 128, 16),
}

made = {}


def timed(step, count):
    started = time.perf_counter()
    for _ in range(count):
        step()
    return (time.perf_counter() - started) * 1000


for line in sys.stdin:
    told = json.loads(line)
    row = told["row"]
    if told.get("close"):
        made.pop(row, None)
        keras.backend.clear_session()
        print("{}", flush=True)
        continue
    if row not in made:
        made[row] = ROWS[row]()
        timed(made[row], 5)
    print(json.dumps({"ms": timed(made[row], told["steps"]) / told["steps"]}), flush=True)
