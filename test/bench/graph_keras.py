"""The models of the graph-mode benchmark in Keras 3. Run, it times them as it is told line by line; the arguments: threads ("default" or "intra,inter"), and how they are computed: by TensorFlow (default), by TensorFlow with XLA ("jit") or by JAX ("jax")."""
import os
import sys

MODE = sys.argv[2] if len(sys.argv) > 2 else "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "jax" if MODE == "jax" else "tensorflow"
import keras  # noqa: E402
import numpy as np  # noqa: E402

if MODE == "jax":
    import jax  # noqa: E402
else:
    import tensorflow as tf  # noqa: E402
from graph_worker import serve  # noqa: E402
from keras import layers, ops  # noqa: E402


def network(shape, *stack, tokens=0):
    return keras.Sequential([keras.Input(shape, dtype="int32" if tokens else "float32"), *stack])


def classes(count):
    return layers.Dense(count, activation="softmax")


def convnet():
    conv = lambda filters: layers.Conv2D(filters, 3, activation="relu")  # noqa: E731
    return network((28, 28, 1), conv(32), layers.MaxPooling2D(), conv(64), layers.MaxPooling2D(), conv(64), layers.Flatten(), layers.Dense(64, activation="relu"), classes(10))


def residual():
    convolved = lambda x, filters, strides, size=3: layers.BatchNormalization()(layers.Conv2D(filters, size, strides, padding="same", use_bias=False)(x))  # noqa: E731
    given = keras.Input((32, 32, 3))
    x = layers.ReLU()(convolved(given, 16, 1))
    for filters, strides in [(16, 1), (32, 2), (64, 2)]:
        inner = convolved(layers.ReLU()(convolved(x, filters, strides)), filters, 1)
        x = layers.ReLU()(inner + (x if strides == 1 else convolved(x, filters, strides, 1)))
    return keras.Model(given, classes(10)(layers.GlobalAveragePooling2D()(x)))


def mobilenet():
    stack = [layers.Conv2D(16, 3, 2, padding="same", use_bias=False), layers.BatchNormalization(), layers.ReLU(6.0)]
    for filters, strides in [(32, 1), (64, 2), (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (256, 1), (256, 1), (256, 1), (256, 1), (512, 2), (512, 1)]:
        stack += [layers.DepthwiseConv2D(3, strides, padding="same", use_bias=False), layers.BatchNormalization(), layers.ReLU(6.0)]
        stack += [layers.Conv2D(filters, 1, use_bias=False), layers.BatchNormalization(), layers.ReLU(6.0)]
    return network((160, 160, 3), *stack, layers.GlobalAveragePooling2D())


def transformer(blocks, width, length, batch, vocabulary=64, heads=4):
    given = keras.Input((length,), dtype="int32")
    x = layers.Embedding(vocabulary, width)(given) + layers.Embedding(length, width)(ops.arange(length))
    for _ in range(blocks):
        normalized = layers.LayerNormalization(epsilon=1e-5)(x)
        x = x + layers.MultiHeadAttention(heads, width // heads)(normalized, normalized, use_causal_mask=True)
        x = x + layers.Dense(width)(layers.Dense(4 * width, activation="relu")(layers.LayerNormalization(epsilon=1e-5)(x)))
    return keras.Model(given, layers.Dense(vocabulary)(layers.LayerNormalization(epsilon=1e-5)(x)))


adam = keras.optimizers.Adam
# Each row: how to make the model, batch, shape of the inputs, optimizer, classes, tokens; or the sizes of a transformer.
ROWS = {
    "dense": (lambda: network((784,), layers.Dense(512, activation="relu"), classes(10)), 128, (784,), adam, 10, 0),
    "convnet": (convnet, 64, (28, 28, 1), keras.optimizers.RMSprop, 10, 0),
    "lstm": (lambda: network((64, 32), layers.LSTM(64), classes(10)), 64, (64, 32), adam, 10, 0),
    "gru": (lambda reset_after=True: network((64, 32), layers.GRU(64, reset_after=reset_after), classes(10)), 64, (64, 32), adam, 10, 0),
    "embedding": (lambda: network((200,), layers.Embedding(10_000, 32), layers.LSTM(32), classes(2), tokens=10_000), 32, (200,), adam, 2, 10_000),
    "residual": (residual, 64, (32, 32, 3), lambda: keras.optimizers.SGD(0.01, momentum=0.9), 10, 0),
    "mobilenet": (mobilenet, 64, (160, 160, 3), None, None, 0),
    "transformer-2": {"blocks": 2, "width": 64, "length": 64, "batch": 32},
    "transformer-4": {"blocks": 4, "width": 128, "length": 128, "batch": 16},
}


def jax_training(model, x, y, optimizer, loss):
    """A step as one function that JAX compiles, on data that are there already, with the state handed from step to step."""
    loss_of = keras.losses.get(loss)
    optimizer.build(model.trainable_variables)

    def measured(weights, others, x, y):
        outputs, others = model.stateless_call(weights, others, x, training=True)
        return ops.mean(loss_of(y, outputs)), others

    def move(state, x, y):
        weights, others, slots = state
        (value, others), gradients = jax.value_and_grad(measured, has_aux=True)(weights, others, x, y)
        weights, slots = optimizer.stateless_apply(slots, gradients, weights)
        return value, (weights, others, slots)

    compiled = jax.jit(move, donate_argnums=0)
    state = [[variable.value for variable in list_] for list_ in (model.trainable_variables, model.non_trainable_variables, optimizer.variables)]
    x, y = jax.device_put(x), jax.device_put(y)

    def step():
        nonlocal state
        value, state = compiled(state, x, y)
        return float(value)

    return step


def training(model, x, y, optimizer, loss):
    """A step of Keras's own compiled training function on data that are there already: less than train_on_batch does."""
    if MODE == "jax":
        return jax_training(model, x, y, optimizer, loss)
    model.compile(optimizer=optimizer, loss=loss, jit_compile=MODE == "jit")
    model.make_train_function()
    batches = iter(tf.data.Dataset.from_tensors((tf.constant(x), tf.constant(y))).repeat())
    return lambda: float(model.train_function(batches)["loss"])


def step(row):
    if isinstance(ROWS[row], dict):
        sizes = ROWS[row]
        ids = np.random.randint(0, 64, (sizes["batch"], sizes["length"] + 1)).astype("int32")
        return training(transformer(**sizes), ids[:, :-1], ids[:, 1:], adam(), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    build, batch, shape, optimizer, targets, tokens = ROWS[row]
    model = build()
    x = np.random.randint(0, tokens, (batch, *shape)).astype("int32") if tokens else np.random.randn(batch, *shape).astype("float32")
    if targets is None and MODE == "jax":
        predict = jax.jit(lambda weights, given: model.stateless_call(*weights, given, training=False)[0])
        weights = [[variable.value for variable in list_] for list_ in (model.trainable_variables, model.non_trainable_variables)]
        photos = jax.device_put(x)
        return lambda: np.asarray(predict(weights, photos))
    if targets is None:
        photos = tf.constant(x)
        predict = tf.function(lambda given: model(given, training=False), jit_compile=MODE == "jit")
        return lambda: predict(photos).numpy()
    return training(model, x, np.eye(targets, dtype="float32")[np.random.randint(0, targets, batch)], optimizer(), "categorical_crossentropy")


if __name__ == "__main__":
    if sys.argv[1] != "default" and MODE != "jax":
        intra, inter = map(int, sys.argv[1].split(","))
        tf.config.threading.set_intra_op_parallelism_threads(intra)
        tf.config.threading.set_inter_op_parallelism_threads(inter)
    keras.utils.set_random_seed(1)
    serve(step, keras.backend.clear_session)
