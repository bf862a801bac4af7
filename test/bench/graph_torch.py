"""The models of the graph-mode benchmark in PyTorch. Run, it times them as it is told line by line; the arguments: threads ("default" or a number), and "compile" for torch.compile."""
import sys

import torch
from graph_worker import serve
from torch import nn
from torch.nn import functional


COMPILES = "compile" in sys.argv


def compiled(work):
    return torch.compile(work) if COMPILES else work


def training(model, x, y, make_optimizer):
    optimizer = make_optimizer(model.parameters())
    loss_of = compiled(lambda x, y: functional.cross_entropy(model(x), y))

    def step():
        optimizer.zero_grad()
        loss = loss_of(x, y)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def classifier(network, shape, batch, make_optimizer, targets=10, tokens=0):
    x = torch.randint(0, tokens, (batch, *shape)) if tokens else torch.randn(batch, *shape)
    return training(network, x, torch.randint(0, targets, (batch,)), make_optimizer)


class Last(nn.Module):
    """A recurrent layer's output at the last step."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x):
        return self.layer(x)[0][:, -1]


class Residual(nn.Module):
    def __init__(self, given, filters, strides):
        super().__init__()
        convolved = lambda a, b, s, size=3: [nn.Conv2d(a, b, size, s, size // 2, bias=False), nn.BatchNorm2d(b)]  # noqa: E731
        self.inner = nn.Sequential(*convolved(given, filters, strides), nn.ReLU(), *convolved(filters, filters, 1))
        self.shortcut = nn.Identity() if strides == 1 else nn.Sequential(*convolved(given, filters, strides, 1))

    def forward(self, x):
        return functional.relu(self.inner(x) + self.shortcut(x))


def residual():
    network = nn.Sequential(nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU(), Residual(16, 16, 1), Residual(16, 32, 2), Residual(32, 64, 2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))
    return classifier(network, (3, 32, 32), 64, lambda weights: torch.optim.SGD(weights, 0.01, 0.9))


def mobilenet():
    network = [nn.Conv2d(3, 16, 3, 2, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU6()]
    given = 16
    for filters, strides in [(32, 1), (64, 2), (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (256, 1), (256, 1), (256, 1), (256, 1), (512, 2), (512, 1)]:
        network += [nn.Conv2d(given, given, 3, strides, 1, groups=given, bias=False), nn.BatchNorm2d(given), nn.ReLU6()]
        network += [nn.Conv2d(given, filters, 1, bias=False), nn.BatchNorm2d(filters), nn.ReLU6()]
        given = filters
    model = nn.Sequential(*network, nn.AdaptiveAvgPool2d(1), nn.Flatten()).eval()
    x = torch.randn(64, 3, 160, 160)
    predict = compiled(model)

    def step():
        with torch.inference_mode():
            return predict(x).numpy()

    return step


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.heads = heads

    def forward(self, x):
        batch, length, width = x.shape
        q, k, v = self.qkv(self.first(x)).view(batch, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(batch, length, width)
        x = x + self.out(mixed)
        return x + self.down(functional.relu(self.up(self.second(x))))


class Transformer(nn.Module):
    def __init__(self, blocks, width, length, vocabulary=64, heads=4):
        super().__init__()
        self.tokens, self.positions = nn.Embedding(vocabulary, width), nn.Parameter(torch.randn(length, width) * 0.02)
        self.stack = nn.Sequential(*[Block(width, heads) for _ in range(blocks)], nn.LayerNorm(width), nn.Linear(width, vocabulary))

    def forward(self, ids):
        return self.stack(self.tokens(ids) + self.positions).transpose(1, 2)


def transformer(blocks, width, length, batch, vocabulary=64):
    ids = torch.randint(0, vocabulary, (batch, length + 1))
    return training(Transformer(blocks, width, length), ids[:, :-1], ids[:, 1:], torch.optim.Adam)


def convnet():
    return nn.Sequential(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(64, 64, 3), nn.ReLU(), nn.Flatten(), nn.Linear(576, 64), nn.ReLU(), nn.Linear(64, 10))


adam = torch.optim.Adam
ROWS = {
    "dense": lambda: classifier(nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 10)), (784,), 128, adam),
    "convnet": lambda: classifier(convnet(), (1, 28, 28), 64, torch.optim.RMSprop),
    "lstm": lambda: classifier(nn.Sequential(Last(nn.LSTM(32, 64, batch_first=True)), nn.Linear(64, 10)), (64, 32), 64, adam),
    "gru": lambda: classifier(nn.Sequential(Last(nn.GRU(32, 64, batch_first=True)), nn.Linear(64, 10)), (64, 32), 64, adam),
    "embedding": lambda: classifier(nn.Sequential(nn.Embedding(10_000, 32), Last(nn.LSTM(32, 32, batch_first=True)), nn.Linear(32, 2)), (200,), 32, adam, targets=2, tokens=10_000),
    "residual": residual,
    "mobilenet": mobilenet,
    "transformer-2": lambda: transformer(2, 64, 64, 32),
    "transformer-4": lambda: transformer(4, 128, 128, 16),
}


if __name__ == "__main__":
    if sys.argv[1] != "default":
        torch.set_num_threads(int(sys.argv[1]))
    torch.manual_seed(1)
    serve(lambda row: ROWS[row]())
