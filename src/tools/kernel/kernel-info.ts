import { versions } from 'node:process';
import ts from 'typescript';
import { LANGUAGE_INFO } from '../notebook';
import { PROTOCOL_VERSION } from './messages';

/** What the kernel says of itself. */
export const KERNEL_INFO = {
  status: 'ok',
  protocol_version: PROTOCOL_VERSION,
  implementation: 'layerwise',
  implementation_version: '0.1.0',
  language_info: LANGUAGE_INFO,
  banner: `Layerwise: TypeScript ${ts.version} on Node.js ${versions.node}`,
  help_links: [{ text: 'TypeScript handbook', url: 'https://www.typescriptlang.org/docs/' }],
  supported_features: [],
} as const;
