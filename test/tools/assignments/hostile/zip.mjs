// Writes zip archives as nobody should: with entries that lie about their size or lead out of the folder.
import { writeFileSync } from 'node:fs';
import { crc32, deflateRawSync } from 'node:zlib';

/** Entries: `text`, or so many `zeros`; `says` is the size that the archive claims. */
export function zipOf(file, entries) {
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const { name, text = '', zeros, says } of entries) {
    const content = zeros === undefined ? Buffer.from(text) : Buffer.alloc(zeros);
    const packed = deflateRawSync(content, { level: 1 });
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(20, 4);
    header.writeUInt16LE(8, 8);
    header.writeUInt32LE(crc32?.(content) ?? 0, 14);
    header.writeUInt32LE(packed.length, 18);
    header.writeUInt32LE(says ?? content.length, 22);
    header.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(20, 4);
    central.writeUInt16LE(20, 6);
    header.copy(central, 10, 8, 28);
    central.writeUInt32LE(offset, 42);
    parts.push(header, Buffer.from(name), packed);
    directory.push(central, Buffer.from(name));
    offset += header.length + name.length + packed.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  writeFileSync(file, Buffer.concat([...parts, list, end]));
  return file;
}
