/** A value that an operation was given, and the derivative of the operation's result by it. */
interface Input {
  readonly value: Value;
  readonly derivative: number;
}

/**
 * A number that remembers how it was computed, so that derivatives can be followed back through it: reverse-mode
 * automatic differentiation (Linnainmaa, 1970), one number at a time. Every operation computes its result and, beside
 * it, the derivative by each of its inputs.
 *
 * @example
 * import { Value } from 'layerwise/autodiff';
 * const x = new Value(3, 'x');
 * const y = x.mul(x).add(1); // 10
 * y.backward();
 * x.gradient; // 6
 */
export class Value {
  /** The derivative of the value that {@link backward} was called on by this one. */
  gradient = 0;

  /**
   * @param data the number; a training loop may change it between passes.
   * @param label what it is called in pictures.
   */
  constructor(
    public data: number,
    public label = '',
    /** What made it: `+`, `×`, `tanh` …; empty for a value that was given. */
    readonly operation = '',
    private readonly given: readonly Input[] = [],
  ) {
    if (typeof data !== 'number') throw new TypeError(`Value: expected a number, got ${typeof data}`);
  }

  /** The values that this one was computed from. */
  get inputs(): readonly Value[] {
    return this.given.map(({ value }) => value);
  }

  /** Gives it a name, for pictures. */
  named(label: string): this {
    this.label = label;
    return this;
  }

  add(other: Value | number): Value {
    const b = toValue(other);
    return new Value(this.data + b.data, '', '+', [
      { value: this, derivative: 1 },
      { value: b, derivative: 1 },
    ]);
  }

  sub(other: Value | number): Value {
    const b = toValue(other);
    return new Value(this.data - b.data, '', '−', [
      { value: this, derivative: 1 },
      { value: b, derivative: -1 },
    ]);
  }

  mul(other: Value | number): Value {
    const b = toValue(other);
    return new Value(this.data * b.data, '', '×', [
      { value: this, derivative: b.data },
      { value: b, derivative: this.data },
    ]);
  }

  div(other: Value | number): Value {
    const b = toValue(other);
    return new Value(this.data / b.data, '', '÷', [
      { value: this, derivative: 1 / b.data },
      { value: b, derivative: -this.data / b.data ** 2 },
    ]);
  }

  /** @param exponent a plain number: it is not differentiated by. */
  pow(exponent: number): Value {
    const derivative = exponent === 0 ? 0 : exponent * this.data ** (exponent - 1);
    return new Value(this.data ** exponent, '', `^${exponent}`, [{ value: this, derivative }]);
  }

  neg(): Value {
    return new Value(-this.data, '', 'neg', [{ value: this, derivative: -1 }]);
  }

  exp(): Value {
    const result = Math.exp(this.data);
    return new Value(result, '', 'exp', [{ value: this, derivative: result }]);
  }

  /** The natural logarithm. */
  log(): Value {
    return new Value(Math.log(this.data), '', 'log', [{ value: this, derivative: 1 / this.data }]);
  }

  tanh(): Value {
    const result = Math.tanh(this.data);
    return new Value(result, '', 'tanh', [{ value: this, derivative: 1 - result ** 2 }]);
  }

  sigmoid(): Value {
    const result = 1 / (1 + Math.exp(-this.data));
    return new Value(result, '', 'sigmoid', [{ value: this, derivative: result * (1 - result) }]);
  }

  /** max(0, x); its derivative at 0 is taken to be 0. */
  relu(): Value {
    return new Value(Math.max(0, this.data), '', 'ReLU', [{ value: this, derivative: this.data > 0 ? 1 : 0 }]);
  }

  /**
   * Sets `gradient` of this value and of all that it was computed from. What an earlier call left there is forgotten.
   */
  backward(): void {
    const order = this.ancestors();
    for (const value of order) value.gradient = 0;
    this.gradient = 1;
    for (const value of order.reverse()) {
      for (const input of value.given) input.value.gradient += input.derivative * value.gradient;
    }
  }

  /** All values that this one depends on and itself, each after its inputs. */
  ancestors(): Value[] {
    const order: Value[] = [];
    const seen = new Set<Value>();
    // A stack of our own: a long computation would be too deep for function calls.
    const stack: { value: Value; ready: boolean }[] = [{ value: this, ready: false }];
    for (let top = stack.pop(); top; top = stack.pop()) {
      if (top.ready) order.push(top.value);
      else if (!seen.has(top.value)) {
        seen.add(top.value);
        stack.push({ value: top.value, ready: true }, ...top.value.inputs.map((value) => ({ value, ready: false })));
      }
    }
    return order;
  }
}

const toValue = (x: Value | number): Value => (x instanceof Value ? x : new Value(x, String(x)));
