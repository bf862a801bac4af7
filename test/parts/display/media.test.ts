import { describe, expect, it } from 'vitest';
import { encodePng } from '../../../src/parts/display';
import { mediaBundle } from '../../../src/parts/display/media';

describe('mediaBundle', () => {
  it('knows images and sounds by how they begin', () => {
    expect(Object.keys(mediaBundle(encodePng({ pixels: [0], height: 1, width: 1 })) ?? {})).toEqual([
      'image/png',
      'text/plain',
    ]);
    expect(Object.keys(mediaBundle(Uint8Array.from([0xff, 0xd8, 0xff, 0])) ?? {})).toEqual([
      'image/jpeg',
      'text/plain',
    ]);
    expect(mediaBundle(Buffer.from('RIFF\0\0\0\0WAVEfmt '))?.['text/html']).toMatch(
      /^<audio controls aria-label="WAV sound, 16 bytes" src="data:audio\/wav;base64,/,
    );
  });

  it('leaves other bytes alone', () => {
    expect(mediaBundle(Buffer.from('RIFF\0\0\0\0AVI '))).toBeUndefined();
    expect(mediaBundle(new Uint8Array(0))).toBeUndefined();
  });
});
