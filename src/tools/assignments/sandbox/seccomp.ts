// A seccomp filter, assembled here: system calls that open a way around the sandbox's limits are refused inside.
// The instructions are classic BPF, see the kernel's Documentation/userspace-api/seccomp_filter.rst and
// networking/filter.rst.

/** What a process meets instead of the call. */
const ALLOW = 0x7fff_0000;
const KILL = 0x8000_0000;
const REFUSE = 0x0005_0000 + 1; // EPERM
const UNKNOWN = 0x0005_0000 + 38; // ENOSYS: programs then do without

const LOAD = 0x20;
const RETURN = 0x06;
const IF_EQUAL = 0x15;
const IF_AT_LEAST = 0x35;
const IF_ANY_BIT = 0x45;

/** Where the filter finds what it decides on, in the kernel's `struct seccomp_data`. */
const NUMBER = 0;
const ARCHITECTURE = 4;
const FIRST_ARGUMENT = 16;

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET of linux/sched.h. */
const NEW_NAMESPACES = 0x2_0000 | 0x200_0000 | 0x400_0000 | 0x800_0000 | 0x1000_0000 | 0x2000_0000 | 0x4000_0000;

interface Architecture {
  /** Of linux/audit.h. */
  readonly audit: number;
  /** Calls from this number on belong to another way of calling (x32). */
  readonly end?: number;
  readonly clone: number;
  /**
   * Told that the call doesn't exist: `clone3`, whose flags a filter can't see; what would hold memory that nobody
   * counts; `io_uring`.
   */
  readonly unknown: Readonly<Record<string, number>>;
  readonly refused: Readonly<Record<string, number>>;
}

// These have the same numbers everywhere.
const NEWER_UNKNOWN = {
  io_uring_setup: 425,
  io_uring_enter: 426,
  io_uring_register: 427,
  clone3: 435,
  memfd_secret: 447,
};
const NEWER_REFUSED = {
  open_tree: 428,
  move_mount: 429,
  fsopen: 430,
  fsconfig: 431,
  fsmount: 432,
  fspick: 433,
  pidfd_getfd: 438,
  mount_setattr: 442,
};

const ARCHITECTURES: Readonly<Record<string, Architecture>> = {
  x64: {
    audit: 0xc000_003e,
    end: 0x4000_0000,
    clone: 56,
    unknown: { memfd_create: 319, userfaultfd: 323, ...NEWER_UNKNOWN },
    refused: {
      shmget: 29,
      msgget: 68,
      ptrace: 101,
      pivot_root: 155,
      chroot: 161,
      mount: 165,
      umount2: 166,
      add_key: 248,
      request_key: 249,
      keyctl: 250,
      unshare: 272,
      perf_event_open: 298,
      setns: 308,
      process_vm_readv: 310,
      process_vm_writev: 311,
      kcmp: 312,
      bpf: 321,
      ...NEWER_REFUSED,
    },
  },
  arm64: {
    audit: 0xc000_00b7,
    clone: 220,
    unknown: { memfd_create: 279, userfaultfd: 282, ...NEWER_UNKNOWN },
    refused: {
      umount2: 39,
      mount: 40,
      pivot_root: 41,
      chroot: 51,
      unshare: 97,
      ptrace: 117,
      msgget: 186,
      shmget: 194,
      add_key: 217,
      request_key: 218,
      keyctl: 219,
      perf_event_open: 241,
      setns: 268,
      process_vm_readv: 270,
      process_vm_writev: 271,
      kcmp: 272,
      bpf: 280,
      ...NEWER_REFUSED,
    },
  },
};

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, value: number];

const load = (offset: number): Instruction => [LOAD, 0, 0, offset];
const end = (action: number): Instruction => [RETURN, 0, 0, action];
/** Ends with the action where the number that was loaded is the one given. */
const endIf = (number: number, action: number): Instruction[] => [[IF_EQUAL, 0, 1, number], end(action)];

/**
 * The filter for a processor, as `bwrap --seccomp` takes it; undefined for processors that it was not written for.
 *
 * @param architecture as in `process.arch`.
 */
export function seccompFilter(architecture: string = process.arch): Buffer | undefined {
  const found = ARCHITECTURES[architecture];
  return found && assemble(program(found));
}

function program({ audit, end: last, clone, unknown, refused }: Architecture): Instruction[] {
  return [
    load(ARCHITECTURE),
    [IF_EQUAL, 1, 0, audit],
    end(KILL),
    load(NUMBER),
    ...(last === undefined ? [] : [[IF_AT_LEAST, 0, 1, last] as const, end(UNKNOWN)]),
    ...Object.values(unknown).flatMap((number) => endIf(number, UNKNOWN)),
    ...Object.values(refused).flatMap((number) => endIf(number, REFUSE)),
    [IF_EQUAL, 0, 3, clone],
    load(FIRST_ARGUMENT),
    [IF_ANY_BIT, 0, 1, NEW_NAMESPACES],
    end(REFUSE),
    end(ALLOW),
  ];
}

/** `struct sock_filter` one after the other; both processors are little-endian. */
function assemble(instructions: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(8 * instructions.length);
  for (const [i, [code, ifTrue, ifFalse, value]] of instructions.entries()) {
    bytes.writeUInt16LE(code, 8 * i);
    bytes.writeUInt8(ifTrue, 8 * i + 2);
    bytes.writeUInt8(ifFalse, 8 * i + 3);
    bytes.writeUInt32LE(value, 8 * i + 4);
  }
  return bytes;
}
