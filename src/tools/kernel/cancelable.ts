import type ts from 'typescript';
import { Interrupted } from './interrupted';

/** Lets the compiler stop between files, and between declarations. */
export function cancelable(host: ts.LanguageServiceHost, isCanceled: () => boolean): ts.LanguageServiceHost {
  const getScriptSnapshot = (file: string): ts.IScriptSnapshot | undefined => {
    if (isCanceled()) throw new Interrupted();
    return host.getScriptSnapshot(file);
  };
  return { ...host, getScriptSnapshot, getCancellationToken: () => ({ isCancellationRequested: isCanceled }) };
}
