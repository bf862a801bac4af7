import { runningEngine } from '../../parts/tensorflow/private-members';

/** tfjs closes its scopes in `finally`, which doesn't run where a signal ends code: they are closed here. */
export class TensorFlowState {
  private scopes = 0;
  private gradientDepth = 0;
  private kernelDepth = 0;

  remember(): void {
    const state = runningEngine()?.state;
    this.scopes = state?.scopeStack.length ?? 0;
    this.gradientDepth = state?.gradientDepth ?? 0;
    this.kernelDepth = state?.kernelDepth ?? 0;
  }

  restore(): void {
    const engine = runningEngine();
    if (!engine) return;
    while (engine.state.scopeStack.length > this.scopes) engine.endScope();
    engine.state.gradientDepth = this.gradientDepth;
    engine.state.kernelDepth = this.kernelDepth;
  }
}
