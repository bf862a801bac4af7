const ENGINE = '_tfengine';

interface EngineState {
  readonly scopeStack: readonly unknown[];
  gradientDepth: number;
  kernelDepth: number;
}

interface Engine {
  readonly state: EngineState;
  endScope(): void;
}

/** tfjs closes its scopes in `finally`, which doesn't run where a signal ends code: they are closed here. */
export class TensorFlowState {
  private scopes = 0;
  private gradientDepth = 0;
  private kernelDepth = 0;

  remember(): void {
    const state = findEngine()?.state;
    this.scopes = state?.scopeStack.length ?? 0;
    this.gradientDepth = state?.gradientDepth ?? 0;
    this.kernelDepth = state?.kernelDepth ?? 0;
  }

  restore(): void {
    const engine = findEngine();
    if (!engine) return;
    while (engine.state.scopeStack.length > this.scopes) engine.endScope();
    engine.state.gradientDepth = this.gradientDepth;
    engine.state.kernelDepth = this.kernelDepth;
  }
}

function findEngine(): Engine | undefined {
  const found: unknown = Reflect.get(globalThis, ENGINE);
  return isEngine(found) ? found : undefined;
}

const isEngine = (value: unknown): value is Engine =>
  typeof value === 'object' &&
  value !== null &&
  'endScope' in value &&
  'state' in value &&
  typeof value.state === 'object' &&
  value.state !== null &&
  'scopeStack' in value.state &&
  Array.isArray(value.state.scopeStack);
