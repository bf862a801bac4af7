import { z } from 'zod';

const connectionFile = z.object({
  transport: z.string(),
  ip: z.string(),
  key: z.string(),
  signature_scheme: z.string(),
  shell_port: z.int(),
  iopub_port: z.int(),
  stdin_port: z.int(),
  control_port: z.int(),
  hb_port: z.int(),
});
/** Where a kernel listens, and the key that signs its messages. */
export type Connection = z.infer<typeof connectionFile>;

/** Reads the file by which Jupyter tells a kernel where to listen. */
export const parseConnection = (json: string): Connection => connectionFile.parse(JSON.parse(json));

/** Where ZeroMQ finds one of its ports. */
export const addressOf = ({ transport, ip }: Connection, port: number): string =>
  `${transport}://${ip}${transport === 'ipc' ? '-' : ':'}${port}`;
